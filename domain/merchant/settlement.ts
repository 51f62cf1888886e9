import Type, { type Static } from 'typebox'
import type { Dated } from '../event.ts'
import type { SettlementRecorded } from './event.ts'

const Minor = (description: string) => Type.Integer({ description: `Minor units; ${description}` })

/** A settlement as clients see it. */
export const SettlementResourceSchema = Type.Object(
  {
    id: Type.String({ pattern: '^st_[0-9a-f]{32}$' }),
    merchantId: Type.String(),
    currency: Type.String(),
    gross: Minor('captured'),
    refunds: Minor('refunded'),
    disputes: Minor('disputes opened less disputes won'),
    fees: Minor('kept by the house'),
    net: Minor('gross − refunds − disputes − fees; may be negative'),
    payments: Type.Integer({ minimum: 0, description: 'How many payments have a posting in it' }),
    createdAt: Type.String({ format: 'date-time' }),
  },
  { additionalProperties: false },
)
export type SettlementResource = Readonly<Static<typeof SettlementResourceSchema>>

/** The settlement as clients see it, members in the order of the contract. */
export const settlementResource = ({ data, recordedAt }: Dated<SettlementRecorded>): SettlementResource => ({
  id: data.settlementId,
  merchantId: data.merchantId,
  currency: data.currency,
  gross: Number(data.gross),
  refunds: Number(data.refunds),
  disputes: Number(data.disputes),
  fees: Number(data.fees),
  net: Number(data.net),
  payments: data.payments,
  createdAt: recordedAt,
})
