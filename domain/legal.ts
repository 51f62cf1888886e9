import type { StreamId } from './event.ts'
import type { StreamKind } from './event-types.ts'
import { gatewayRules } from './gateway/legal.ts'
import { type Judge, judgeBy, type Told } from './judge.ts'
import { merchantRules } from './merchant/legal.ts'
import { paymentRules } from './payment/legal.ts'
import { payoutRules } from './payout/legal.ts'
import { projectionRules } from './projection/legal.ts'
import { repairRules } from './repair/legal.ts'

const judges: { readonly [Kind in StreamKind]: (stream: StreamId) => Judge } = {
  payment: (stream) => judgeBy(paymentRules, stream),
  payout: (stream) => judgeBy(payoutRules, stream),
  merchant: (stream) => judgeBy(merchantRules, stream),
  gateway: (stream) => judgeBy(gatewayRules, stream),
  projection: (stream) => judgeBy(projectionRules, stream),
  reconciliation: (stream) => judgeBy(repairRules, stream),
}

const isKind = (name: string): name is StreamKind => Object.hasOwn(judges, name)

/** The judge of this stream, whose events have to be valid by their schemas; undefined for a name that no stream has. */
export const judgeOf = (stream: StreamId): Judge | undefined => {
  const [kind = ''] = stream.split('-', 1)
  return isKind(kind) ? judges[kind](stream) : undefined
}

/** The first event of a stream that no decider gives in its place. `reason` has types and names of members, no values. */
export type Illegal = { readonly revision: number; readonly reason: string }

/**
 * Judges a whole stream, from its first event on, each valid by its schema; undefined where deciders can have made it.
 * One whose last events are missing is legal, as it once was; what no rule depends on is for hashes to tell.
 */
export const firstIllegal = (stream: StreamId, events: Iterable<Told>): Illegal | undefined => {
  const judge = judgeOf(stream)
  if (judge === undefined) return { revision: 0, reason: 'no stream has such a name' }
  let revision = 0
  for (const event of events) {
    const reason = judge.next(event)
    if (reason !== undefined) return { revision, reason }
    revision += 1
  }
  const reason = judge.end()
  return reason === undefined ? undefined : { revision, reason }
}
