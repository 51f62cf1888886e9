import type { Static, TObject, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Schema } from './describe-schema.ts'
import { explain } from './explain.ts'
import { pointerStep } from './pointer.ts'
import { type Fault, Problem } from './problem.ts'

/** The 400 `invalidRequest` for these faults. */
export const invalidRequest = (faults: readonly Fault[]): Problem => {
  const [first, ...others] = faults
  const place = first?.pointer === '' ? 'The body' : (first?.pointer ?? 'The request')
  const more = others.length === 0 ? '' : `, and ${others.length} more`
  return new Problem(400, 'invalidRequest', `${place} ${first?.detail ?? 'does not fit its schema'}${more}`, {
    errors: faults,
  })
}

/** Compiles a schema. The function returns the value as it came, typed, or throws 400 `invalidRequest` with every fault. */
export const validator = <S extends TSchema>(schema: S): ((value: unknown) => Static<S>) => {
  const compiled = Compile(schema)
  const fits = (value: unknown): value is Static<S> => compiled.Check(value)
  return (value) => {
    if (fits(value)) return value
    throw invalidRequest(explain(schema, value))
  }
}

const controlCharacter = /\p{Cc}/u

/** A parameter as its schema wants it; what cannot be turned into that stays text, for the schema to refuse. */
const convert = (schema: Schema | undefined, values: readonly string[]): unknown => {
  if (schema?.type === 'array') return values
  const [text = ''] = values
  if (schema?.type === 'integer' && /^-?\d{1,15}$/.test(text)) return Number(text)
  if (schema?.type === 'boolean' && /^(?:true|false)$/.test(text)) return text === 'true'
  return text
}

const faultsOf = (
  properties: Readonly<Record<string, Schema>>,
  query: Readonly<Record<string, readonly string[]>>,
): Fault[] =>
  Object.entries(query).flatMap(([name, values]) => {
    const pointer = pointerStep(name).replace('/', '?')
    if (values.length > 1 && properties[name]?.type !== 'array') return [{ pointer, detail: 'may be given once only' }]
    if (values.some((text) => controlCharacter.test(text))) {
      return [{ pointer, detail: 'must be without control characters' }]
    }
    return []
  })

/**
 * The same for a query string, as `c.req.queries()` gives it: text is turned into integers and booleans where the schema
 * has them, defaults are filled in, and faults are named `?limit`. A parameter the schema does not know is a fault.
 */
export const queryValidator = <S extends TObject>(
  schema: S,
): ((query: Readonly<Record<string, readonly string[]>>) => Static<S>) => {
  const properties = schema.properties as Readonly<Record<string, Schema>>
  const closed = { ...schema, additionalProperties: false }
  const compiled = Compile(closed)
  const fits = (value: unknown): value is Static<S> => compiled.Check(value)
  const defaults = Object.entries(properties).flatMap(([name, inner]) =>
    inner.default === undefined ? [] : [[name, inner.default] as const],
  )
  const nothing: unknown = Object.freeze(Object.fromEntries(defaults))
  const ofNothing = fits(nothing) ? nothing : undefined
  return (query) => {
    if (ofNothing !== undefined && Object.keys(query).length === 0) return ofNothing
    const faults = faultsOf(properties, query)
    if (faults.length > 0) throw invalidRequest(faults)
    const given = Object.entries(query).map(([name, values]) => [name, convert(properties[name], values)] as const)
    const value: unknown = Object.fromEntries([...defaults, ...given])
    if (fits(value)) return value
    throw invalidRequest(
      explain(closed, value).map(({ pointer, detail }) => ({ pointer: pointer.replace('/', '?'), detail })),
    )
  }
}
