/** The keywords of JSON Schema that requests are described with. */
export type Schema = {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly description?: string
  readonly default?: unknown
}

// Patterns that say less than words do.
const patternInWords: Readonly<Record<string, string>> = {
  '^[^\\u0000-\\u001f\\u007f]*$': 'without control characters',
  '^(?!sealed:)[^\\u0000-\\u001f\\u007f]*$': 'without control characters that does not begin with `sealed:`',
  '^[^\\u0000]*$': 'without NUL characters',
}

const range = (low: number | undefined, high: number | undefined): string => {
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`
  if (low !== undefined) return ` of ${low} or more`
  return high === undefined ? '' : ` of ${high} at most`
}

const size = (low: number | undefined, high: number | undefined, unit: string): string => {
  if (low !== undefined && high !== undefined) return ` of ${low} to ${high} ${unit}`
  if (low !== undefined) return ` of at least ${low} ${unit}`
  return high === undefined ? '' : ` of at most ${high} ${unit}`
}

const form = ({ pattern, format, description }: Schema): string => {
  if (format !== undefined) return ` in the form ${format}`
  if (pattern === undefined) return ''
  const words = patternInWords[pattern]
  if (words !== undefined) return ` ${words}`
  return ` that matches ${pattern}${description === undefined ? '' : ` (${description})`}`
}

const noun = (schema: Schema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (schema.anyOf !== undefined) return schema.anyOf.map(noun).join(' or ')
  if (schema.type === undefined) return schema.description ?? 'something else'
  switch (schema.type) {
    case 'integer':
      return `an integer${range(schema.minimum, schema.maximum)}`
    case 'number':
      return `a number${range(schema.minimum, schema.maximum)}`
    case 'string':
      return `text${size(schema.minLength, schema.maxLength, 'characters')}${form(schema)}`
    case 'array':
      return `a list${size(schema.minItems, schema.maxItems, 'items')}`
    case 'object':
      return 'an object'
    case 'boolean':
      return 'true or false'
    case 'null':
      return 'null'
    default:
      return `of type ${schema.type}`
  }
}

/** What a value must be to fit the schema: "must be an integer from 1 to 10". */
export const describeSchema = (schema: Schema): string => `must be ${noun(schema)}`
