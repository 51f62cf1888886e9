import type { Amount } from '../../domain/money.ts'
import type { PayoutCommand } from '../../domain/payout/command.ts'
import type { PayoutOrder } from '../../domain/payout/event.ts'
import type { Sent } from '../idempotency.ts'

/** What makes a repetition of a client's command known. */
export type Repeatable = Sent & {
  /** The client's Idempotency-Key. */
  readonly key: string
}

/** A checked request for a payout of the merchant's; its id derives from merchant and key. */
export type PayoutCall = Repeatable & {
  readonly payoutId: string
  readonly merchantId: string
  readonly traceId: string
  /** Minor units. */
  readonly amount: Amount
  readonly currency: string
  readonly order: PayoutOrder
}

/** A checked command that tells what became of a payout. */
export type MoveCall = {
  readonly payoutId: string
  /** Absent where the client gave no key. */
  readonly repeatable?: Repeatable
  readonly traceId: string
  /** Throws a `Problem` when the client means another revision than this. */
  readonly precondition: (revision: number) => void
  /** The domain's command, given the time (ISO 8601, UTC, milliseconds). */
  readonly command: (now: string) => PayoutCommand
}
