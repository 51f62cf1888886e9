import type { PaymentCommand } from '../../domain/payment/command.ts'

/** A checked command on its way to a payment, by whoever's wish and over whichever edge. */
export type PaymentCall = {
  readonly paymentId: string
  /** Whose payments the caller may touch; absent for one who may touch all. */
  readonly tenant?: string
  /** The client's Idempotency-Key; absent only where it need not be given. */
  readonly key?: string
  /** What the client sent, so that the same key with something else is noticed. */
  readonly fingerprint: string
  readonly traceId: string
  /** Throws a `Problem` when the client means another revision than this. */
  readonly precondition?: (revision: number) => void
  /** The domain's command, given the time (ISO 8601, UTC, milliseconds). */
  readonly command: (now: string) => PaymentCommand
}

/** A call that makes a new payment of the merchant's; its id derives from merchant and key. */
export type AuthorizeCall = Omit<PaymentCall, 'tenant' | 'precondition' | 'command'> & {
  readonly merchantId: string
  readonly key: string
  /** The same, with the gateway that the merchant's payments go to. */
  readonly command: (now: string, gateway: string) => PaymentCommand
}
