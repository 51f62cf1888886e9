import type { DomainEvent } from './event.ts'
import type { Amount } from './money.ts'
import type { Account, Layer, Posting } from './posting.ts'

/** What an event does to the books. The postings of one event sum to zero per currency and layer. */
export const postings = (event: DomainEvent): readonly Posting[] => {
  const { type, data } = event
  switch (type) {
    case 'PaymentAuthorized':
      return held(data, data.amount)
    case 'PaymentIncremented':
      return held(data, data.added)
    case 'PaymentVoided':
    case 'PaymentExpired':
      return held(data, -data.amount)
    case 'PaymentCaptured':
      return [
        ...held(data, -(data.amount + data.released)),
        ...moved(data, data.amount, 'gatewayReceivable', 'merchantPending'),
        ...moved(data, data.fee, 'merchantPending', 'fees'),
      ]
    case 'PaymentRefunded':
      return moved(data, data.amount, 'merchantPending', 'gatewayReceivable')

    case 'PaymentDisputeOpened':
      return moved(data, data.amount, 'merchantPending', 'disputes')
    case 'PaymentDisputeWon':
      return moved(data, data.amount, 'disputes', 'merchantPending')
    case 'PaymentDisputeLost':
      return moved(data, data.amount, 'disputes', 'gatewayReceivable')

    case 'SettlementRecorded':
      return moved(data, data.net, 'merchantPending', 'merchantAvailable')

    case 'PayoutReserved':
      return moved(data, data.amount, 'merchantAvailable', 'payoutsInTransit')
    case 'PayoutSettled':
      return moved(data, data.amount, 'payoutsInTransit', 'bank')
    case 'PayoutReturned':
      return data.settled ? moved(data, data.amount, 'bank', 'payoutsInTransit') : []
    case 'PayoutReleased':
      return moved(data, data.amount, 'payoutsInTransit', 'merchantAvailable')

    case 'PaymentAuthorizationRequested':
    case 'PaymentDeclined':
    case 'PaymentCaptureRequested':
    case 'PaymentCaptureFailed':
    case 'PaymentIncrementRequested':
    case 'PaymentIncrementFailed':
    case 'PaymentVoidRequested':
    case 'PaymentVoidFailed':
    case 'PaymentRefundRequested':
    case 'PaymentRefundFailed':
    case 'PayoutRequested':
    case 'PayoutSent':
    case 'PayoutFailed':
    case 'MerchantRegistered':
    case 'FeeScheduleSet':
    case 'GatewayPreferenceSet':
    case 'ApiKeyIssued':
    case 'ApiKeyRevoked':
    case 'PersonalDataForgotten':
    case 'GatewayConfigured':
    case 'MethodRulesSet':
    case 'ParkedStreamDiscarded':
    case 'RepairOrdered':
    case 'RepairMade':
      return []
  }
}

type Books = { readonly merchantId: string; readonly currency: string }

/** A double entry: the amount debited to one account and credited to another. A negative amount goes the other way. */
const entry = (
  { merchantId, currency }: Books,
  layer: Layer,
  amount: Amount,
  debited: Account,
  credited: Account,
): Posting[] => {
  if (amount === 0n) return []
  return [
    { account: debited, merchantId, currency, layer, amount },
    { account: credited, merchantId, currency, layer, amount: -amount },
  ]
}

const moved = (books: Books, amount: Amount, debited: Account, credited: Account): Posting[] =>
  entry(books, 'posted', amount, debited, credited)

/** Authorized and not yet captured: what the gateway may come to owe, and the merchant may come to get. */
const held = (books: Books, amount: Amount): Posting[] =>
  entry(books, 'pending', amount, 'gatewayReceivable', 'merchantPending')
