import Type, { type Static } from 'typebox'
import { data } from './event-schema.ts'
import { MerchantIdSchema, Text } from './text.ts'

/** What the ledger knows about an event besides what happened: who caused it and how a retry is recognised. */
export const EventMetadataSchema = data({
  /** The tenant whose stream this is, the house for a gateway's and a repair's; decides the shard. */
  merchantId: MerchantIdSchema,
  /** The client's Idempotency-Key, absent on events that a process of Daybook appended by itself. */
  key: Type.Optional(Type.String({ pattern: '^[\\u0020-\\u007e]{1,255}$' })),
  /** Digest of the command as the client sent it, beside `key`. */
  fingerprint: Type.Optional(Text(400)),
  /** W3C trace id of the command, so that a replayed problem carries the first answer's. */
  traceId: Type.Optional(Type.String({ pattern: '^[0-9a-f]{32}$' })),
  /** The process that acted without a client: `resolver`, `expiry`, `settlement`, … */
  cause: Type.Optional(Text(40)),
})

export type EventMetadata = Readonly<Static<typeof EventMetadataSchema>>
