import Type, { type TProperties } from 'typebox'
import { data, Id, Instant, NotNegative, Positive, type Schemas } from '../event-schema.ts'
import { CurrencySchema } from '../money.ts'
import { MerchantIdSchema, MetadataSchema, Text } from '../text.ts'
import { AuthenticationSchema, MandateSchema, StoredMethodSchema } from './method.ts'

/** What every payment event repeats, so that each can be posted and routed by itself. */
const payment = <Members extends TProperties>(members: Members) =>
  data({
    ...members,
    paymentId: Id('pay'),
    merchantId: MerchantIdSchema,
    currency: CurrencySchema,
    gateway: Text(40),
  })

/** Why a gateway or a bank said no, in its own words. */
export const decline = { code: Type.String(), message: Type.String() }

/** The data of each type of a payment's events, by version. */
export const paymentSchemas = {
  PaymentAuthorizationRequested: [
    payment({
      amount: Positive,
      method: StoredMethodSchema,
      capture: Type.Enum(['automatic', 'manual']),
      /** Id of the capture that an approval brings with it; only with automatic capture. */
      captureId: Type.Optional(Id('cap')),
      /** When an authorization that is not captured lapses. */
      expiresAt: Instant,
      customerId: Type.Optional(Text(100)),
      reference: Type.Optional(Text(200)),
      metadata: Type.Optional(MetadataSchema),
      mandate: Type.Optional(MandateSchema),
      authentication: Type.Optional(AuthenticationSchema),
    }),
  ],
  PaymentAuthorized: [payment({ amount: Positive, gatewayReference: Type.Optional(Type.String()) })],
  PaymentDeclined: [payment(decline)],

  PaymentCaptureRequested: [payment({ captureId: Id('cap'), amount: Positive, final: Type.Boolean() })],
  PaymentCaptured: [
    payment({
      captureId: Id('cap'),
      amount: Positive,
      /** What a final capture gives back of the authorization; 0 otherwise. */
      released: NotNegative,
      /** What the house keeps of this capture. */
      fee: NotNegative,
    }),
  ],
  PaymentCaptureFailed: [payment({ captureId: Id('cap'), ...decline })],

  /** An increment's `amount` is the new total, `added` what came on top of the old one. */
  PaymentIncrementRequested: [payment({ incrementId: Id('inc'), amount: Positive })],
  PaymentIncremented: [payment({ incrementId: Id('inc'), amount: Positive, added: Positive })],
  PaymentIncrementFailed: [payment({ incrementId: Id('inc'), ...decline })],

  PaymentVoidRequested: [payment({ voidId: Id('vo'), amount: Positive })],
  PaymentVoided: [payment({ voidId: Id('vo'), amount: Positive })],
  PaymentVoidFailed: [payment({ voidId: Id('vo'), ...decline })],

  PaymentRefundRequested: [payment({ refundId: Id('re'), amount: Positive, reason: Type.Optional(Text(500)) })],
  PaymentRefunded: [payment({ refundId: Id('re'), amount: Positive })],
  PaymentRefundFailed: [payment({ refundId: Id('re'), ...decline })],

  PaymentExpired: [payment({ amount: Positive })],

  PaymentDisputeOpened: [
    payment({ disputeId: Id('dp'), amount: Positive, reason: Text(500), reference: Type.Optional(Text(200)) }),
  ],
  PaymentDisputeWon: [payment({ disputeId: Id('dp'), amount: Positive })],
  PaymentDisputeLost: [payment({ disputeId: Id('dp'), amount: Positive })],
} as const satisfies Schemas
