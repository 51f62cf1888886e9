import type { DomainEvent, StreamId } from './event.ts'
import { paymentStream, payoutStream } from './event.ts'
import { eventSchemas } from './event-schemas.ts'
import { AuthorizeBody } from './payment/request.ts'
import { PaymentResourceSchema } from './payment/resource-schema.ts'
import { PayoutBody } from './payout/request.ts'
import { PayoutResourceSchema } from './payout/resource.ts'
import { type Member, personalMembers } from './personal.ts'

/** By type: what is personal in the data of events, as they are written today; most types are not there. */
const ofEvents: ReadonlyMap<string, readonly Member[]> = new Map(
  Object.entries(eventSchemas).flatMap(([type, versions]) => {
    const last = versions.at(-1)
    const members = last === undefined ? [] : personalMembers(last)
    return members.length === 0 ? [] : [[type, members] as const]
  }),
)

const none: readonly Member[] = []

/** What is personal in the data of events of this type. */
export const membersOf = (type: string): readonly Member[] => ofEvents.get(type) ?? none

/** What is personal in what clients send and are shown. A member has the same place there as in events. */
export const bodyMembers = { authorize: personalMembers(AuthorizeBody), payout: personalMembers(PayoutBody) } as const
export const resourceMembers = {
  payment: personalMembers(PaymentResourceSchema),
  payout: personalMembers(PayoutResourceSchema),
} as const

/**
 * The transaction that an event's personal data is about, by the name of its stream: what is sealed is sealed for that
 * one, in whichever stream it stands. Undefined for an event of no transaction.
 */
export const subjectOf = ({ data }: DomainEvent): StreamId | undefined => {
  if ('paymentId' in data) return paymentStream(data.paymentId)
  return 'payoutId' in data ? payoutStream(data.payoutId) : undefined
}
