import type { DomainEvent } from './event.ts'
import type { Rejection } from './rejection.ts'

/** What a decision comes to: what happened, or why nothing did. */
export type Decision<E extends DomainEvent> =
  | { readonly type: 'accepted'; readonly events: readonly E[] }
  | { readonly type: 'rejected'; readonly rejection: Rejection }

export const accept = <E extends DomainEvent>(...events: readonly E[]): Decision<E> => ({ type: 'accepted', events })
export const reject = (rejection: Rejection): Decision<never> => ({ type: 'rejected', rejection })
