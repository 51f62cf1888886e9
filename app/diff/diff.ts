import { type Position, positionAt, sequenceIn } from '../../domain/position.ts'
import type { Logs } from '../engines/event-store.ts'
import type { Bound } from './bound.ts'
import { type Changes, createChanges, type MerchantChange, type Movement, type Settlement } from './changes.ts'
import { readBetween, type Stretch } from './read-between.ts'
import { followTransitions, type Transitions } from './transitions.ts'

/** Debits and credits of all accounts in one currency and layer; they are equal, or something is broken. */
export type Total = Pick<Movement, 'currency' | 'layer' | 'debit' | 'credit'>

/** A list that may be cut, and how long it is. */
export type Cut<T> = { readonly total: number; readonly first: readonly T[] }

/** What changed in the books between two positions. */
export type Diff = {
  readonly from: Position
  readonly to: Position
  readonly movements: readonly Movement[]
  readonly totals: readonly Total[]
  readonly merchants: Cut<MerchantChange>
  readonly events: ReturnType<Changes['events']>
  readonly payments: Transitions
  readonly payouts: Transitions
  readonly settlements: Cut<Settlement>
}

export type DiffOrder = {
  readonly from: Bound
  readonly to: Bound
  /** Of one merchant; undefined for all. */
  readonly merchantId: string | undefined
  /** How much of each list is kept. */
  readonly limit: number
}

const totalsOf = (movements: readonly Movement[]): readonly Total[] => {
  const totals = new Map<string, Total>()
  for (const { currency, layer, debit, credit } of movements) {
    const key = `${currency} ${layer}`
    const known = totals.get(key) ?? { currency, layer, debit: 0n, credit: 0n }
    totals.set(key, { ...known, debit: known.debit + debit, credit: known.credit + credit })
  }
  return [...totals.values()]
}

const cut = <T>(rows: readonly T[], limit: number): Cut<T> => ({ total: rows.length, first: rows.slice(0, limit) })

/**
 * Reads what the logs have between two bounds, and says what it did. `onRead` hears how many events of how many sequences
 * were read. Throws a `StartError` where the bounds are crossed.
 */
export const diff = async (
  { all, each }: Logs,
  { from, to, merchantId, limit }: DiffOrder,
  onRead: (sequences: number, events: number) => void,
): Promise<Diff> => {
  const changes = createChanges()
  const payments = followTransitions(all, 'payment', limit)
  const payouts = followTransitions(all, 'payout', limit)
  const stretches: Stretch[] = []
  let [before, events] = [0, 0]
  for (const [log, reader] of each.entries()) {
    let last = 0
    const read = (sequence: number): void => {
      last = sequence
      onRead(before + last, events)
    }
    const stretch = await readBetween(
      reader,
      log,
      from,
      to,
      async (found) => {
        const theirs =
          merchantId === undefined ? found : found.filter((event) => event.metadata.merchantId === merchantId)
        for (const event of theirs) changes.see(event)
        payments.see(theirs)
        payouts.see(theirs)
        events += found.length
        read(found.at(-1)?.sequence ?? last)
      },
      read,
    )
    stretches.push(stretch)
    before += sequenceIn(await reader.head(), log)
  }
  const [begin, end] = [positionAt(stretches.map((each) => each.from)), positionAt(stretches.map((each) => each.to))]
  const movements = changes.movements()
  return {
    from: begin,
    to: end,
    movements,
    totals: totalsOf(movements),
    merchants: cut(changes.merchants(), limit),
    events: changes.events(),
    payments: await payments.compare(begin, end),
    payouts: await payouts.compare(begin, end),
    settlements: cut(changes.settlements(), limit),
  }
}
