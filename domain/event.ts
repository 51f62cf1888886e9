import type { EventMetadata } from './event-metadata.ts'
import type { GatewayEvent } from './gateway/event.ts'
import type { MerchantEvent } from './merchant/event.ts'
import type { PaymentEvent } from './payment/event.ts'
import type { PayoutEvent } from './payout/event.ts'
import type { ProjectionEvent } from './projection/event.ts'
import type { RepairEvent } from './repair/event.ts'

export type { EventMetadata } from './event-metadata.ts'

/** Everything that can have happened. */
export type DomainEvent = PaymentEvent | PayoutEvent | MerchantEvent | GatewayEvent | ProjectionEvent | RepairEvent

/**
 * The name of a stream: `payment-pay_…`, `payout-po_…`, `merchant-…`, `gateway-…`, `projection-…` or
 * `reconciliation-rep_…`.
 */
export type StreamId = string

/** An event as `evolve` sees it: what happened and when it was recorded (ISO 8601, UTC, milliseconds). */
export type Dated<E extends DomainEvent = DomainEvent> = E & { readonly recordedAt: string }

/** An event about to be appended. `id` is a UUID derived from the stream, the call that decided it and its index there. */
export type NewEvent<E extends DomainEvent = DomainEvent> = Dated<E> & {
  readonly id: string
  /** Version of the schema of `data`, from 1; older versions are upcast on read. */
  readonly version: number
  readonly metadata: EventMetadata
}

/** An event as the log returns it. */
export type RecordedEvent<E extends DomainEvent = DomainEvent> = NewEvent<E> & {
  readonly stream: StreamId
  /** Place in its stream, from 0. */
  readonly revision: number
  /** Which log, from 0; the embedded profile has one. */
  readonly log: number
  /** Place in its log, from 1. */
  readonly sequence: number
}

export const paymentStream = (paymentId: string): StreamId => `payment-${paymentId}`
export const payoutStream = (payoutId: string): StreamId => `payout-${payoutId}`
export const merchantStream = (merchantId: string): StreamId => `merchant-${merchantId}`
export const gatewayStream = (gateway: string): StreamId => `gateway-${gateway}`
export const projectionStream = (projection: string): StreamId => `projection-${projection}`
export const repairStream = (repairId: string): StreamId => `reconciliation-${repairId}`
