import { present } from '../present.ts'
import type { DisputeResource, OperationResource, PaymentResource } from './resource-schema.ts'
import type { Dispute, Operation, Payment } from './state.ts'
import { paymentStatus } from './status.ts'
import { uncaptured } from './unresolved.ts'

export type { PaymentResource } from './resource-schema.ts'
export { PaymentResourceSchema } from './resource-schema.ts'

/** The payment as clients see it. The order of members is part of the contract: a replay gives the same bytes. */
export const paymentResource = (payment: Payment): PaymentResource => ({
  id: payment.id,
  merchantId: payment.merchantId,
  status: paymentStatus(payment),
  amount: Number(payment.amount),
  currency: payment.currency,
  authorized: Number(payment.authorized),
  captured: Number(payment.captured),
  refunded: Number(payment.refunded),
  voided: Number(payment.voided),
  expired: Number(payment.expired),
  disputed: Number(payment.disputed),
  method: payment.method,
  gateway: payment.gateway,
  customerId: payment.customerId ?? null,
  reference: payment.reference ?? null,
  metadata: payment.metadata,
  ...present({ decline: payment.decline, mandate: payment.mandate, authentication: payment.authentication }),
  captures: payment.captures.map(operationResource),
  refunds: payment.refunds.map(operationResource),
  voids: payment.voids.map(operationResource),
  disputes: payment.disputes.map(disputeResource),
  expiresAt: canLapse(payment) ? payment.expiresAt : null,
  createdAt: payment.createdAt,
  updatedAt: payment.updatedAt,
  revision: payment.revision,
})

/** The pending increments, which the resource doesn't show; none in most cases. */
export const pendingIncrements = (payment: Payment): readonly OperationResource[] =>
  payment.increments.filter(({ status }) => status === 'pending').map(operationResource)

/**
 * A payment on which `evolvePayment` goes on as on the one that the resource was made of, and whose unresolved
 * operations and resource are the same. Not for deciding: a resource doesn't tell everything that rules ask for.
 */
export const paymentFromResource = (
  resource: PaymentResource,
  increments: readonly OperationResource[] = [],
): Payment => ({
  id: resource.id,
  merchantId: resource.merchantId,
  currency: resource.currency,
  gateway: resource.gateway,
  method: resource.method,
  // An automatic capture leaves nothing that could lapse, so the resource needs to say no more than this.
  capture: resource.expiresAt === null ? 'automatic' : 'manual',
  metadata: resource.metadata,
  authorization: resource.status === 'pending' ? 'pending' : resource.status === 'declined' ? 'declined' : 'approved',
  amount: BigInt(resource.amount),
  authorized: BigInt(resource.authorized),
  captured: BigInt(resource.captured),
  refunded: BigInt(resource.refunded),
  voided: BigInt(resource.voided),
  expired: BigInt(resource.expired),
  disputed: BigInt(resource.disputed),
  captures: resource.captures.map(operationFromResource),
  refunds: resource.refunds.map(operationFromResource),
  voids: resource.voids.map(operationFromResource),
  increments: increments.map(operationFromResource),
  disputes: resource.disputes.map((dispute) => ({ ...dispute, amount: BigInt(dispute.amount) })),
  expiresAt: resource.expiresAt ?? '',
  createdAt: resource.createdAt,
  updatedAt: resource.updatedAt,
  revision: resource.revision,
  ...present({
    customerId: resource.customerId ?? undefined,
    reference: resource.reference ?? undefined,
    decline: resource.decline,
    mandate: resource.mandate,
    authentication: resource.authentication,
  }),
})

/** Something authorized is still uncaptured, or may come to be. */
const canLapse = (payment: Payment): boolean =>
  payment.capture === 'manual' && (payment.authorization === 'pending' || uncaptured(payment) > 0n)

const operationResource = ({ id, amount, status, createdAt, reason, decline }: Operation): OperationResource => ({
  id,
  amount: Number(amount),
  status,
  createdAt,
  ...present({ reason, decline }),
})

const operationFromResource = (operation: OperationResource): Operation => ({
  ...operation,
  amount: BigInt(operation.amount),
})

const disputeResource = ({ id, amount, status, reason, reference, createdAt }: Dispute): DisputeResource => ({
  id,
  amount: Number(amount),
  status,
  reason,
  ...present({ reference }),
  createdAt,
})
