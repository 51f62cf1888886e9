import { idOf } from '../../command-side/uuid.ts'
import type { DomainEvent } from '../../domain/event.ts'
import type { PaymentResource } from '../../domain/payment/resource.ts'
import type { Fate } from '../acknowledged.ts'
import { keyOf, type LoadMerchant } from '../commands.ts'

// A command's effect is told by an id: the payment's where it was authorized or declined, the operation's else. Both
// follow from merchant and key, so that what a command must have done is known without asking.

const prefix = { capture: 'cap', void: 'vo', refund: 're' } as const

/** What a command has done, or would have done, by id: a payment captured at once has two. */
export const effectsOf = (fate: Fate, run: string, merchants: readonly LoadMerchant[]): readonly string[] => {
  const key = keyOf(run, fate.number)
  const { kind, merchant } = fate
  const paymentId = fate.paymentId === '' ? idOf('pay', merchants[merchant]?.id ?? '', key) : fate.paymentId
  switch (kind) {
    case 'authorization':
      return [paymentId]
    case 'payment':
      return [paymentId, idOf('cap', paymentId, key)]
    case 'capture':
    case 'void':
    case 'refund':
      return [idOf(prefix[kind], paymentId, key)]
  }
}

/** The effect that an event is the outcome of; undefined for one that is no outcome of a command of a load. */
export const effectIn = ({ type, data }: DomainEvent): string | undefined => {
  if (type === 'PaymentAuthorized' || type === 'PaymentDeclined') return data.paymentId
  if (type === 'PaymentCaptured' || type === 'PaymentCaptureFailed') return data.captureId
  if (type === 'PaymentVoided' || type === 'PaymentVoidFailed') return data.voidId
  if (type === 'PaymentRefunded' || type === 'PaymentRefundFailed') return data.refundId
  return undefined
}

/** The effects that a payment shows. */
export const effectsShown = ({ id, captures, voids, refunds }: PaymentResource): readonly string[] => [
  id,
  ...[...captures, ...voids, ...refunds].map((operation) => operation.id),
]
