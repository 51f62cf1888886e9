import type { DomainEvent } from '../../domain/event.ts'

type DataOf<T extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: T }>['data']
type MoneyField<Data> = {
  [Field in keyof Data]-?: Extract<Data[Field], bigint> extends never ? never : Field
}[keyof Data]

/** One row for each type of event, naming each of its amounts: a type or an amount left out does not compile. */
type MoneyFields = { readonly [T in DomainEvent['type']]: { readonly [Field in MoneyField<DataOf<T>>]: true } }

const table: MoneyFields = {
  PaymentAuthorizationRequested: { amount: true },
  PaymentAuthorized: { amount: true },
  PaymentDeclined: {},
  PaymentCaptureRequested: { amount: true },
  PaymentCaptured: { amount: true, released: true, fee: true },
  PaymentCaptureFailed: {},
  PaymentIncrementRequested: { amount: true },
  PaymentIncremented: { amount: true, added: true },
  PaymentIncrementFailed: {},
  PaymentVoidRequested: { amount: true },
  PaymentVoided: { amount: true },
  PaymentVoidFailed: {},
  PaymentRefundRequested: { amount: true },
  PaymentRefunded: { amount: true },
  PaymentRefundFailed: {},
  PaymentExpired: { amount: true },
  PaymentDisputeOpened: { amount: true },
  PaymentDisputeWon: { amount: true },
  PaymentDisputeLost: { amount: true },
  PayoutRequested: { amount: true },
  PayoutSent: { amount: true },
  PayoutSettled: { amount: true },
  PayoutFailed: { amount: true },
  PayoutReturned: { amount: true },
  MerchantRegistered: {},
  FeeScheduleSet: {},
  GatewayPreferenceSet: {},
  ApiKeyIssued: {},
  ApiKeyRevoked: {},
  SettlementRecorded: { gross: true, refunds: true, disputes: true, fees: true, net: true },
  PayoutReserved: { amount: true },
  PayoutReleased: { amount: true },
}

/** The names of the bigint fields in `data`, by type of event. */
export const moneyFields: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(table).map(([type, fields]) => [type, Object.keys(fields)]),
)
