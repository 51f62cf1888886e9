import type { RecordedEvent } from '../../domain/event.ts'
import { paymentResource, pendingIncrements } from '../../domain/payment/resource.ts'
import type { Payment } from '../../domain/payment/state.ts'
import { uncaptured, unresolvedOperations } from '../../domain/payment/unresolved.ts'

/** A row of `payments`. Times are ISO 8601; `document` and `increments` are JSON text. */
export type PaymentRow = {
  readonly id: string
  readonly merchantId: string
  readonly status: string
  readonly method: string
  readonly gateway: string
  readonly customerId: string | null
  readonly currency: string
  readonly amount: bigint
  readonly createdAt: string
  readonly updatedAt: string
  readonly revision: number
  readonly log: number
  readonly sequence: number
  readonly unresolvedSince: string | null
  readonly expiresAt: string | null
  readonly document: string
  readonly increments: string | null
}

/** The row of a payment after its event `last`. */
export const rowOf = (payment: Payment, last: RecordedEvent): PaymentRow => {
  const resource = paymentResource(payment)
  const increments = pendingIncrements(payment)
  return {
    id: payment.id,
    merchantId: payment.merchantId,
    status: resource.status,
    method: payment.method.type,
    gateway: payment.gateway,
    customerId: payment.customerId ?? null,
    currency: payment.currency,
    amount: payment.amount,
    createdAt: payment.createdAt,
    updatedAt: payment.updatedAt,
    revision: payment.revision,
    log: last.log,
    sequence: last.sequence,
    unresolvedSince: unresolvedOperations(payment)[0]?.since ?? null,
    expiresAt: uncaptured(payment) > 0n ? resource.expiresAt : null,
    document: JSON.stringify(resource),
    increments: increments.length === 0 ? null : JSON.stringify(increments),
  }
}
