import type { TSchema } from 'typebox'

type Schemas = Readonly<Record<string, TSchema>>

/**
 * The schemas as JSON, each one that stands inside another replaced by a reference to it. They are known again by what
 * they say, for a schema that is optional somewhere is a copy.
 */
export const withReferences = (schemas: Schemas): Readonly<Record<string, unknown>> => {
  const names = new Map<string, string>()
  for (const [name, schema] of Object.entries(schemas)) {
    const text = JSON.stringify(schema)
    if (worthAName(schema) && !names.has(text)) names.set(text, name)
  }
  const inner = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(inner)
    const name = names.get(JSON.stringify(value))
    return name === undefined ? outer(value) : { $ref: `#/components/schemas/${name}` }
  }
  const outer = (value: object): object =>
    Object.fromEntries(Object.entries(value).map(([member, each]) => [member, inner(each)]))
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, outer(schema)]))
}

/** Two empty bodies say the same and mean different things. */
const worthAName = (schema: object): boolean =>
  !('properties' in schema) || Object.keys(schema.properties as object).length > 0
