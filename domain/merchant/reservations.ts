import type { Amount } from '../money.ts'

/** Money set aside for a payout; `revision` is that of the event that did it. */
export type Reservation = {
  readonly amount: Amount
  readonly currency: string
  readonly revision: number
  /** Given back after the payout failed or returned. Kept, so that the same payout is never reserved twice. */
  readonly released: boolean
}

type Bucket = ReadonlyMap<string, Reservation>
/** Sixteen places, one for each hex digit. */
type Row<T> = readonly (T | undefined)[]
const empty: Row<never> = Array.from({ length: 16 }, () => undefined)

/** Payout ids end in random hex digits, which spread them evenly. Ids that don't just share fewer buckets. */
const digit = (payoutId: string, fromEnd: number): number =>
  Number.parseInt(payoutId.charAt(payoutId.length - fromEnd), 16) || 0

/**
 * All reservations a merchant ever made, immutable. They are split over 4,096 buckets by the last three digits of the
 * payout's id, so that one more copies three short rows and a small bucket, not a hundred thousand entries.
 */
export class Reservations {
  readonly #buckets: Row<Row<Row<Bucket>>>

  constructor(buckets: Row<Row<Row<Bucket>>> = empty) {
    this.#buckets = buckets
  }

  get(payoutId: string): Reservation | undefined {
    return this.#buckets[digit(payoutId, 1)]?.[digit(payoutId, 2)]?.[digit(payoutId, 3)]?.get(payoutId)
  }

  /** The reservations with this one added or replaced. */
  set(payoutId: string, reservation: Reservation): Reservations {
    const [last, second, third] = [digit(payoutId, 1), digit(payoutId, 2), digit(payoutId, 3)]
    const rows = this.#buckets[last] ?? empty
    const row = rows[second] ?? empty
    const bucket = new Map(row[third]).set(payoutId, reservation)
    return new Reservations(this.#buckets.with(last, rows.with(second, row.with(third, bucket))))
  }
}
