import Type, { type Static, type TProperties, type TSchema } from 'typebox'
import type { Amount } from './money.ts'

const closed = { additionalProperties: false } as const

/**
 * The schemas of one type's data, from version 1 on. What was valid stays valid: a member more or less is a version more,
 * and what events share with requests, such as the ways to pay, can only be widened.
 */
export type Versions = readonly [TSchema, ...TSchema[]]

/** The schemas of the data of some types of events. */
export type Schemas = { readonly [type: string]: Versions }

type DataOf<All extends Versions> = All extends readonly [...TSchema[], infer Last extends TSchema]
  ? Readonly<Static<Last>>
  : never

/** The events of these schemas, with the data of their types' last versions. */
export type EventOf<All extends Schemas> = {
  [Type in keyof All]: { readonly type: Type; readonly data: DataOf<All[Type]> }
}[keyof All]

/** The data of a type of event: these members and no others. */
export const data = <Members extends TProperties>(members: Members) => Type.Object(members, closed)

/** Minor units. What has 16 digits or more is in quotes where a store keeps JSON, whose numbers may not hold it exactly. */
const minorUnits = (integer: TSchema, long: string) =>
  Type.Unsafe<Amount>(Type.Union([integer, Type.String({ pattern: long })]))

/** An amount from 1 on, in minor units. */
export const Positive = minorUnits(Type.Integer({ minimum: 1 }), '^[1-9][0-9]{15,}$')
/** An amount from 0 on, in minor units. */
export const NotNegative = minorUnits(Type.Integer({ minimum: 0 }), '^[1-9][0-9]{15,}$')
/** An amount of either sign, in minor units. */
export const Signed = minorUnits(Type.Integer(), '^-?[1-9][0-9]{15,}$')

/** An id that Daybook derived: its prefix and 32 hex digits. */
export const Id = (prefix: string) => Type.String({ pattern: `^${prefix}_[0-9a-f]{32}$` })

/** ISO 8601, UTC, milliseconds. */
export const Instant = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$' })

/** A place in the log: one number per log, joined by dots. */
export const PositionSchema = Type.String({ pattern: '^[0-9]{1,16}(\\.[0-9]{1,16}){0,63}$' })
