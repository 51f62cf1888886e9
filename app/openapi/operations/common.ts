import type { Role } from '../../../domain/merchant/role.ts'
import { mostLookedAt } from '../../../query-side/transactions-as-of.ts'
import type { Answer, RequestHeader } from '../operation.ts'
import type { SchemaName } from '../schemas.ts'

export const everybody: readonly Role[] = ['merchant', 'finance', 'auditor', 'operator']
export const staff: readonly Role[] = ['finance', 'auditor', 'operator']
export const withEvents: readonly Role[] = ['merchant', 'auditor', 'operator']
export const own: readonly Role[] = ['merchant', 'operator']
export const operator: readonly Role[] = ['operator']

/** Codes that any command with a body may be answered with. */
export const body = [
  'malformedJson',
  'invalidRequest',
  'numberNotExact',
  'bodyTooLarge',
  'unsupportedMediaType',
  'overloaded',
  'eventStoreUnavailable',
  'eventNotUnderstood',
] as const

/** The same with an Idempotency-Key. */
export const keyed = [
  ...body,
  'keyStoreUnavailable',
  'cardDataRefused',
  'idempotencyKeyMissing',
  'idempotencyKeyInvalid',
  'idempotencyKeyReused',
  'idempotencyKeyInFlight',
] as const

/** The same on a resource that is there. */
export const onResource = [
  ...keyed,
  'ifMatchInvalid',
  'preconditionFailed',
  'preconditionRequired',
  'conflict',
] as const

/** The same where doing it twice is refused by the rules, so that a key is not needed. */
export const optionallyKeyed = onResource.filter((code) => code !== 'idempotencyKeyMissing')

/** Codes that any read may be answered with, and any list. */
export const read = ['invalidRequest', 'notYetProjected', 'readModelUnavailable'] as const
export const list = [...read, 'invalidCursor'] as const

export const key: RequestHeader = { name: 'Idempotency-Key', required: true }
export const optionalKey: RequestHeader = { name: 'Idempotency-Key' }
export const ifMatch: RequestHeader = { name: 'If-Match' }
export const ifNoneMatch: RequestHeader = { name: 'If-None-Match' }

const headers = ['Daybook-Position', 'ETag', 'Idempotency-Replayed'] as const

/** 201 with the resource as of the command's own event. */
export const made = (
  says: string,
  schema: 'Payment' | 'Payout',
  examples: Readonly<Record<string, unknown>>,
): readonly Answer[] => [{ status: 201, says, schema, headers: [...headers, 'Location'], examples }]

/** 200 likewise, for a command that makes nothing new. */
export const changed = (schema: 'Payment' | 'Payout', example: unknown): readonly Answer[] => [
  { status: 200, says: 'As of this command', schema, headers, examples: { changed: example } },
]

const ofBooks = ['Daybook-Position', 'Daybook-As-Of'] as const

/** 200 for a read of what has no past. */
export const current = (says: string, schema: SchemaName, example: unknown): Answer => ({
  ...found(says, schema, example),
  headers: ['Daybook-Position'],
})

/** 200 for a read, of now or of the past. */
export const found = (says: string, schema: SchemaName, example: unknown): Answer => ({
  status: 200,
  says,
  schema,
  headers: ofBooks,
  examples: { found: example },
})

/** 200 with an ETag, and 304. */
export const tagged = (says: string, schema: SchemaName, example: unknown): readonly Answer[] => [
  { ...found(says, schema, example), headers: [...ofBooks, 'ETag'] },
  { status: 304, says: 'The client has it already', headers: [...ofBooks, 'ETag'] },
]

/** 200 with a page that has these entries. */
export const page = (schema: SchemaName, ...data: readonly unknown[]): readonly Answer[] => [
  found('A page of the list', schema, { data, nextCursor: null }),
]

/** What is said of commands that wait for a gateway. */
export const pending =
  'A gateway that does not answer in time leaves it `pending`: the answer is 201 all the same, and the outcome follows.'

/** What is said of lists that may have to look at many for a page of the past. */
export const shortPages = `With \`asOf\`, a page is short and has a next one only where ${mostLookedAt.toLocaleString('en-US')} that are there now were looked at for it, of which too few were there then or had the \`status\`.`
