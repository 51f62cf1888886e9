import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'

const closed = { additionalProperties: false } as const
const Name = Type.String({ minLength: 1 })
const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

/** What a row must be like; all that is given must hold. `moreThan` and `lessThan` compare whole numbers. */
const ConditionSchema = Type.Object(
  {
    column: Name,
    is: Type.Optional(Type.String()),
    isNot: Type.Optional(Type.String()),
    in: Type.Optional(Type.Array(Type.String())),
    moreThan: Type.Optional(Type.Integer()),
    lessThan: Type.Optional(Type.Integer()),
    empty: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type Condition = Readonly<Static<typeof ConditionSchema>>

/** A column's text, or what `values` has for it. */
const ColumnSchema = Type.Object(
  { $column: Name, values: Type.Optional(Type.Record(Type.String(), Scalar)), otherwise: Type.Optional(Scalar) },
  closed,
)
/** A column's text as a whole number. */
const IntegerSchema = Type.Object({ $integer: Name }, closed)
/** A column's decimal number in minor units of the command's currency. */
const DecimalSchema = Type.Object({ $decimal: Name }, closed)
/** Texts put together. */
const JoinSchema = Type.Object({ $join: Type.Array(Type.Unknown()), with: Type.Optional(Type.String()) }, closed)
/** The value of the first case whose conditions hold. */
const CasesSchema = Type.Object(
  {
    $cases: Type.Array(Type.Object({ when: Type.Array(ConditionSchema), value: Type.Unknown() }, closed)),
    otherwise: Type.Optional(Type.Unknown()),
  },
  closed,
)

/** The operators by the property that marks them. */
export const operators = {
  $column: ColumnSchema,
  $integer: IntegerSchema,
  $decimal: DecimalSchema,
  $join: JoinSchema,
  $cases: CasesSchema,
} as const

/**
 * How rows become commands. `command` is the command's JSON with operators in the places where a row decides; a field
 * whose column is empty is left out. `source` and the values of the `key` columns make the row's Idempotency-Key.
 */
const MappingSchema = Type.Object(
  {
    source: Name,
    key: Type.Array(Name, { minItems: 1 }),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    decimalMark: Type.Optional(Type.Enum(['.', ','])),
    command: Type.Record(Type.String(), Type.Unknown()),
  },
  closed,
)
export type Mapping = Readonly<Static<typeof MappingSchema>>

/** A mapping that cannot be used, and where it is wrong. */
export class MappingError extends Error {
  override name = 'MappingError'
}

/** The value as the schema says; throws a `MappingError` naming the place below `at` that is wrong. */
export const checked = <S extends TSchema>(schema: S, value: unknown, at: string): Static<S> => {
  if (Value.Check(schema, value)) return value
  const [first] = Value.Errors(schema, value)
  throw new MappingError(`${at}${first?.instancePath ?? ''} ${first?.message ?? 'is wrong'}`)
}

/** Reads a mapping's text. */
export const parseMapping = (text: string): Mapping => {
  try {
    return checked(MappingSchema, JSON.parse(text), 'the mapping')
  } catch (error) {
    throw error instanceof SyntaxError ? new MappingError(`the mapping is not JSON: ${error.message}`) : error
  }
}
