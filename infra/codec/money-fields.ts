import type { DomainEvent } from '../../domain/event.ts'

type DataOf<T extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: T }>['data']
/** `true` for an amount; for a list those of each of its entries. */
type MoneyIn<Value> = Value extends bigint
  ? true
  : Value extends readonly (infer Entry)[]
    ? MoneyFieldsOf<Entry>
    : never
type MoneyFieldsOf<Data> = {
  readonly [Field in keyof Data as [MoneyIn<Data[Field]>] extends [never] ? never : Field]-?: MoneyIn<Data[Field]>
}

/** One row for each type of event, naming each of its amounts: a type or an amount left out does not compile. */
type MoneyFields = { readonly [T in DomainEvent['type']]: MoneyFieldsOf<DataOf<T>> }

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
  PersonalDataForgotten: {},
  GatewayConfigured: {},
  MethodRulesSet: { limits: { minAmount: true, maxAmount: true } },
  ParkedStreamDiscarded: {},
  RepairOrdered: {},
  RepairMade: {},
}

type Fields = { readonly [field: string]: true | Fields }

const rows = Object.entries<Fields>(table)
const amountsIn = (fields: Fields): readonly string[] => Object.keys(fields).filter((name) => fields[name] === true)

/** The names of the bigint fields in `data`, by type of event. */
export const moneyFields: ReadonlyMap<string, readonly string[]> = new Map(
  rows.map(([type, fields]) => [type, amountsIn(fields)]),
)

/** The same of the entries of lists in `data`, by type of event, then by the list's name; most types have none. */
export const moneyLists: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map(
  rows.flatMap(([type, fields]) => {
    const lists = Object.entries(fields).flatMap(([name, inner]) =>
      inner === true ? [] : [[name, amountsIn(inner)] as const],
    )
    return lists.length === 0 ? [] : [[type, new Map(lists)]]
  }),
)
