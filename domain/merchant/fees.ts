import Type, { type Static } from 'typebox'
import type { Amount } from '../money.ts'
import type { MethodType } from '../payment/method.ts'

const closed = { additionalProperties: false } as const

/** A share of the captured amount in basis points (1/100 %) plus a fixed part in minor units. */
const FeeSchema = Type.Object(
  {
    basisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
    fixed: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  },
  closed,
)

/** What the house takes of a capture: one fee for all methods, or another for some. */
export const FeeScheduleSchema = Type.Object(
  {
    default: FeeSchema,
    methods: Type.Optional(
      Type.Partial(
        Type.Object(
          {
            upi: FeeSchema,
            card: FeeSchema,
            wallet: FeeSchema,
            netbanking: FeeSchema,
            qr: FeeSchema,
            bnpl: FeeSchema,
            emi: FeeSchema,
          },
          closed,
        ),
        closed,
      ),
    ),
  },
  closed,
)
export type FeeSchedule = Readonly<Static<typeof FeeScheduleSchema>>

/** Nothing is taken until a schedule is set. */
export const noFees: FeeSchedule = { default: { basisPoints: 0, fixed: 0 } }

/** The fee on one capture, rounded half up to the minor unit and never more than the capture itself. */
export const feeOn = (schedule: FeeSchedule, method: MethodType, captured: Amount): Amount => {
  const { basisPoints, fixed } = schedule.methods?.[method] ?? schedule.default
  const fee = (captured * BigInt(basisPoints) + 5_000n) / 10_000n + BigInt(fixed)
  return fee > captured ? captured : fee
}
