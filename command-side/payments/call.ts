import type { PaymentRules } from '../../domain/gateway/rules.ts'
import type { PaymentCommand } from '../../domain/payment/command.ts'
import type { MethodType } from '../../domain/payment/method.ts'
import type { Sent } from '../idempotency.ts'

/** A checked command on its way to a payment, by whoever's wish and over whichever edge. */
export type PaymentCall = Sent & {
  readonly paymentId: string
  /** Whose payments the caller may touch; absent for one who may touch all. */
  readonly tenant?: string
  /** The client's Idempotency-Key; absent only where it need not be given. */
  readonly key?: string
  readonly traceId: string
  /** Throws a `Problem` when the client means another revision than this. */
  readonly precondition?: (revision: number) => void
  /** Whether the rules of the payment's gateway bind it. */
  readonly isRuled: boolean
  /** The domain's command, given the time (ISO 8601, UTC, milliseconds) and, where `isRuled`, the rules. */
  readonly command: (now: string, rules: PaymentRules) => PaymentCommand
}

/** A call that makes a new payment of the merchant's; its id derives from merchant and key. */
export type AuthorizeCall = Omit<PaymentCall, 'tenant' | 'precondition' | 'isRuled' | 'command'> & {
  readonly merchantId: string
  readonly key: string
  readonly method: MethodType
  /** The same, with the gateway that the merchant's payments go to, and its rules for the method. */
  readonly command: (now: string, gateway: string, rules: PaymentRules) => PaymentCommand
}
