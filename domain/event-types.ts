import type { DomainEvent } from './event.ts'
import type { GatewayEvent } from './gateway/event.ts'
import type { MerchantEvent } from './merchant/event.ts'
import type { PaymentEvent } from './payment/event.ts'
import type { PayoutEvent } from './payout/event.ts'
import type { ProjectionEvent } from './projection/event.ts'
import type { RepairEvent } from './repair/event.ts'

/** The kinds of stream, and the first part of their names. */
export type StreamKind = 'payment' | 'payout' | 'merchant' | 'gateway' | 'projection' | 'reconciliation'

type KindOf<Type extends DomainEvent['type']> = Type extends PaymentEvent['type']
  ? 'payment'
  : Type extends PayoutEvent['type']
    ? 'payout'
    : Type extends MerchantEvent['type']
      ? 'merchant'
      : Type extends GatewayEvent['type']
        ? 'gateway'
        : Type extends ProjectionEvent['type']
          ? 'projection'
          : 'reconciliation'

// Written out so that the compiler misses none and takes none for another kind's.
const kinds: { readonly [Type in DomainEvent['type']]: KindOf<Type> } = {
  PaymentAuthorizationRequested: 'payment',
  PaymentAuthorized: 'payment',
  PaymentDeclined: 'payment',
  PaymentCaptureRequested: 'payment',
  PaymentCaptured: 'payment',
  PaymentCaptureFailed: 'payment',
  PaymentIncrementRequested: 'payment',
  PaymentIncremented: 'payment',
  PaymentIncrementFailed: 'payment',
  PaymentVoidRequested: 'payment',
  PaymentVoided: 'payment',
  PaymentVoidFailed: 'payment',
  PaymentRefundRequested: 'payment',
  PaymentRefunded: 'payment',
  PaymentRefundFailed: 'payment',
  PaymentExpired: 'payment',
  PaymentDisputeOpened: 'payment',
  PaymentDisputeWon: 'payment',
  PaymentDisputeLost: 'payment',
  PayoutRequested: 'payout',
  PayoutSent: 'payout',
  PayoutSettled: 'payout',
  PayoutFailed: 'payout',
  PayoutReturned: 'payout',
  MerchantRegistered: 'merchant',
  FeeScheduleSet: 'merchant',
  GatewayPreferenceSet: 'merchant',
  ApiKeyIssued: 'merchant',
  ApiKeyRevoked: 'merchant',
  SettlementRecorded: 'merchant',
  PayoutReserved: 'merchant',
  PayoutReleased: 'merchant',
  PersonalDataForgotten: 'merchant',
  GatewayConfigured: 'gateway',
  MethodRulesSet: 'gateway',
  ParkedStreamDiscarded: 'projection',
  RepairOrdered: 'reconciliation',
  RepairMade: 'reconciliation',
}

/** Whether an event of this type is known. */
export const isEventType = (type: string): type is DomainEvent['type'] => Object.hasOwn(kinds, type)

/** Every type of event. */
export const eventTypes: readonly DomainEvent['type'][] = Object.keys(kinds).filter(isEventType)

/** In which kind of stream events of this type stand. */
export const streamKind = (type: DomainEvent['type']): StreamKind => kinds[type]

export const isPaymentEvent = <E extends DomainEvent>(event: E): event is E & PaymentEvent =>
  kinds[event.type] === 'payment'
export const isPayoutEvent = <E extends DomainEvent>(event: E): event is E & PayoutEvent =>
  kinds[event.type] === 'payout'
export const isMerchantEvent = <E extends DomainEvent>(event: E): event is E & MerchantEvent =>
  kinds[event.type] === 'merchant'
export const isGatewayEvent = <E extends DomainEvent>(event: E): event is E & GatewayEvent =>
  kinds[event.type] === 'gateway'
export const isProjectionEvent = <E extends DomainEvent>(event: E): event is E & ProjectionEvent =>
  kinds[event.type] === 'projection'
export const isRepairEvent = <E extends DomainEvent>(event: E): event is E & RepairEvent =>
  kinds[event.type] === 'reconciliation'
