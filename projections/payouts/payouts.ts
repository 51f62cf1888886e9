import type { RecordedEvent } from '../../domain/event.ts'
import { isEventType, isPayoutEvent } from '../../domain/event-types.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import type { Payout, PayoutState } from '../../domain/payout/state.ts'
import type { Projection } from '../projection.ts'
import { follow, streamsOf } from '../streams.ts'
import { loadPayouts } from './load-payouts.ts'
import { type PayoutRow, rowOf } from './row.ts'
import { upsertPayouts } from './upsert-payouts.ts'
import { type Opening, openingOf, writeWaiting } from './waiting.ts'

const evolve = (state: PayoutState, event: RecordedEvent): Payout => {
  if (!isPayoutEvent(event)) throw new Error(`${event.type} is no event of a payout`)
  return evolvePayout(state, event)
}

/** What merchants' events say of payouts. */
const merchantsOpenings = (events: readonly RecordedEvent[]): readonly Opening[] =>
  events.flatMap((event) => (event.stream.startsWith('merchant-') ? (openingOf(event, undefined) ?? []) : []))

/** The payouts as they are, and which of them wait for Daybook itself. */
export const payoutsProjection = (): Projection => ({
  name: 'payouts',
  version: 1,
  tables: ['payouts', 'open_payouts'],
  follows: (stream) => stream.startsWith('payout-') || stream.startsWith('merchant-'),
  forget: () => undefined,
  anew: payoutsProjection,
  apply: async ({ schema, sql }, events) => {
    const unknown = events.find(({ type, stream }) => stream.startsWith('merchant-') && !isEventType(type))
    if (unknown !== undefined) throw new Error(`${unknown.type} is no event of a merchant`)
    const streams = streamsOf('payout-', events)
    const begun = [...streams].flatMap(([id, [first]]) => (first !== undefined && first.revision > 0 ? [id] : []))
    const known = new Map((await loadPayouts(sql, schema, begun)).map((payout) => [payout.id, payout]))
    const rows: PayoutRow[] = []
    const openings = [...merchantsOpenings(events)]
    const evolveAndSee = (state: PayoutState, event: RecordedEvent): Payout => {
      openings.push(...[openingOf(event, state) ?? []].flat())
      return evolve(state, event)
    }
    for (const [id, those] of streams) {
      const followed = follow(known.get(id), those, evolveAndSee)
      if (followed !== undefined) rows.push(rowOf(followed.state, followed.last))
    }
    await upsertPayouts(sql, schema, rows)
    await writeWaiting(sql, schema, openings)
    return rows.map(({ id, revision, merchantId, document }) => ({
      id,
      stream: `payout-${id}`,
      version: revision,
      merchantId,
      document,
    }))
  },
})
