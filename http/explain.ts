import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { describeSchema, type Schema } from './describe-schema.ts'
import { pointerStep } from './pointer.ts'
import type { Fault } from './problem.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const mostFaults = 20

/** Where and how a value breaks its schema, in the schema's order, at most 20 faults; what was sent is not repeated. */
export const explain = (schema: TSchema, value: unknown, pointer = ''): readonly Fault[] =>
  faultsOf(schema as Schema, value, pointer).slice(0, mostFaults)

const faultsOf = (schema: Schema, value: unknown, pointer: string): readonly Fault[] => {
  if (schema.anyOf !== undefined) return faultsOfUnion(schema, schema.anyOf, value, pointer)
  if (schema.allOf !== undefined) return schema.allOf.flatMap((part) => faultsOf(part, value, pointer))
  if (schema.type === 'object' && isRecord(value)) return faultsOfObject(schema, value, pointer)
  if (schema.type === 'array' && Array.isArray(value) && schema.items !== undefined) {
    const { items } = schema
    const inner = value.flatMap((item, index) => faultsOf(items, item, `${pointer}${pointerStep(index)}`))
    if (inner.length > 0) return inner
  }
  return Value.Check(schema as TSchema, value) ? [] : [{ pointer, detail: describeSchema(schema) }]
}

/** Of variants told apart by `type`, only the one that `type` names has its say. */
const faultsOfUnion = (
  schema: Schema,
  variants: readonly Schema[],
  value: unknown,
  pointer: string,
): readonly Fault[] => {
  const tags = variants.map((variant) => variant.properties?.['type']?.const)
  if (tags.includes(undefined)) {
    return Value.Check(schema as TSchema, value) ? [] : [{ pointer, detail: describeSchema(schema) }]
  }
  if (!isRecord(value)) return [{ pointer, detail: 'must be an object' }]
  const chosen = variants[tags.indexOf(value['type'])]
  if (chosen !== undefined) return faultsOf(chosen, value, pointer)
  const detail = value['type'] === undefined ? 'is missing: must be' : 'must be'
  return [{ pointer: `${pointer}/type`, detail: `${detail} one of ${tags.join(', ')}` }]
}

const faultsOfObject = (
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  pointer: string,
): readonly Fault[] => {
  const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema
  const patterns = Object.entries(patternProperties).map(([pattern, inner]) => ({ name: new RegExp(pattern), inner }))
  const known = Object.entries(properties).flatMap(([name, inner]) => {
    const place = `${pointer}${pointerStep(name)}`
    if (Object.hasOwn(value, name)) return faultsOf(inner, value[name], place)
    return required.includes(name) ? [{ pointer: place, detail: 'is missing' }] : []
  })
  const others = Object.keys(value)
    .filter((name) => !Object.hasOwn(properties, name))
    .flatMap((name) => {
      const place = `${pointer}${pointerStep(name)}`
      const inner = patterns.find((pattern) => pattern.name.test(name))?.inner ?? additionalProperties ?? {}
      if (inner === false) return [{ pointer: place, detail: 'is not known here' }]
      return inner === true ? [] : faultsOf(inner, value[name], place)
    })
  const size = Object.keys(value).length
  const most = schema.maxProperties ?? Number.POSITIVE_INFINITY
  const sized = size > most ? [{ pointer, detail: `must have ${most} members at most` }] : []
  const few = size < (schema.minProperties ?? 0) ? [{ pointer, detail: 'must have more members' }] : []
  return [...sized, ...few, ...known, ...others]
}
