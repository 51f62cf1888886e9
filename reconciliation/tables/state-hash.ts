import type { PaymentRow } from '../../projections/payments/row.ts'
import type { PayoutRow } from '../../projections/payouts/row.ts'
import { uuidOf } from '../../projections/uuid.ts'
import { hashOf } from '../digest.ts'
import { micros, textOf, type Value } from './hashed.ts'

const common = (row: PaymentRow | PayoutRow): readonly Value[] => [
  uuidOf(row.id),
  row.merchantId,
  row.status,
  row.currency,
  row.amount,
  micros(row.createdAt),
  micros(row.updatedAt),
  row.revision,
  row.log,
  row.sequence,
  row.document,
]

/** What `stateRows` gives of a payment with this row. */
export const paymentHash = (row: PaymentRow): bigint =>
  hashOf(
    textOf([
      ...common(row),
      row.method,
      row.gateway,
      row.customerId,
      micros(row.unresolvedSince),
      micros(row.expiresAt),
      row.increments,
    ]),
  )

/** What `stateRows` gives of a payout with this row. */
export const payoutHash = (row: PayoutRow): bigint => hashOf(textOf(common(row)))
