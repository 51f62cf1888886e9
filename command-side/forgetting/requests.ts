import Type, { type Static } from 'typebox'
import type { Subject } from '../../domain/merchant/event.ts'
import { Text } from '../../domain/text.ts'

/** Whose personal data a merchant wants forgotten, why, and who asked; neither may be personal itself. */
export type ToForget = {
  readonly merchantId: string
  readonly subject: Subject
  readonly reason: string
  readonly by: string
}

/** What forgetting has come to. */
export type Forgotten = {
  /** How many transactions there are of the subject. */
  readonly found: number
  /** How many of them still had a key, which is destroyed now. */
  readonly transactions: number
  /** Those stored before anything was sealed. They stay as they are; the first few by their names. */
  readonly plain: { readonly count: number; readonly first: readonly string[] }
  /** Events that this version cannot read: there may be something in them. */
  readonly unreadable: number
}

export const ForgetBody = Type.Object(
  { reason: Text(500, { description: 'Recorded for good, so without personal data: the number of a ticket, say' }) },
  { additionalProperties: false },
)
export type ForgetBody = Readonly<Static<typeof ForgetBody>>

const closed = { additionalProperties: false } as const
const Count = (description: string) => Type.Integer({ minimum: 0, description })

/** What the request has come to so far. */
export const ForgettingSchema = Type.Object(
  {
    merchantId: Type.String(),
    customerId: Type.String(),
    done: Type.Boolean({ description: 'false: send it again to hear more, from whichever instance' }),
    position: Type.String({ description: 'Up to where the log has been read' }),
    found: Count('payments of the customer'),
    transactions: Count('of these had a key that this run has destroyed'),
    plain: Type.Object(
      {
        count: Count('of these were stored before anything was sealed, and stay'),
        first: Type.Immutable(Type.Array(Type.String())),
      },
      closed,
    ),
    unreadable: Count('events that this version cannot read'),
  },
  closed,
)
export type Forgetting = Readonly<Static<typeof ForgettingSchema>>
