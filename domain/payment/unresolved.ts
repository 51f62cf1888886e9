import type { Amount } from '../money.ts'
import type { OperationKind } from './command.ts'
import type { Operation, Payment } from './state.ts'

/** What was asked of the gateway and has no known outcome. `since` is when it was asked. */
export type UnresolvedOperation = {
  readonly operation: OperationKind
  /** The payment's id for its authorization. */
  readonly operationId: string
  /** The new total for an increment. */
  readonly amount: Amount
  readonly since: string
}

const pendingOf = (operation: OperationKind, entries: readonly Operation[]): UnresolvedOperation[] =>
  entries
    .filter((entry) => entry.status === 'pending')
    .map((entry) => ({ operation, operationId: entry.id, amount: entry.amount, since: entry.createdAt }))

/** All intents without a known outcome, oldest first. */
export const unresolvedOperations = (payment: Payment): readonly UnresolvedOperation[] => {
  if (payment.authorization === 'pending')
    return [{ operation: 'authorization', operationId: payment.id, amount: payment.amount, since: payment.createdAt }]
  return [
    ...pendingOf('capture', payment.captures),
    ...pendingOf('increment', payment.increments),
    ...pendingOf('void', payment.voids),
    ...pendingOf('refund', payment.refunds),
  ].sort((one, other) => (one.since < other.since ? -1 : one.since > other.since ? 1 : 0))
}

/** What the payer's bank still holds: authorized, and neither captured nor released. */
export const uncaptured = (payment: Payment): Amount =>
  payment.authorized - payment.captured - payment.voided - payment.expired
