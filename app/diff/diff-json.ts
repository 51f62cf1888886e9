import { json } from '../../http/json.ts'
import type { Diff } from './diff.ts'
import type { Transitions } from './transitions.ts'

const transitions = ({ total, counts, first }: Transitions) => ({
  total,
  counts: Object.fromEntries(counts),
  data: first.map(({ id, from, to }) => ({ id, from: from ?? null, to })),
})

/** A diff for programs: one JSON object, amounts in minor units. */
export const diffJson = (diff: Diff): string =>
  json({
    from: diff.from,
    to: diff.to,
    movements: diff.movements.map((movement) => ({ ...movement, net: movement.debit - movement.credit })),
    totals: diff.totals.map((total) => ({ ...total, difference: total.debit - total.credit })),
    merchants: { total: diff.merchants.total, data: diff.merchants.first },
    events: Object.fromEntries(diff.events),
    payments: transitions(diff.payments),
    payouts: transitions(diff.payouts),
    settlements: { total: diff.settlements.total, data: diff.settlements.first },
  })
