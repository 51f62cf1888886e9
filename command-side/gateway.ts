import type { Amount } from '../domain/money.ts'
import type { GatewayOutcome, OperationKind } from '../domain/payment/command.ts'
import type { ShownMethod } from '../domain/payment/method.ts'

/** What a gateway is asked to do, or was asked and is now asked about. */
export type GatewayOperation = {
  readonly operation: OperationKind
  /** The operation's id (the payment's own for its authorization). A gateway acts once per reference, however often it is asked. */
  readonly reference: string
  readonly paymentId: string
  /** Minor units. For an increment the new total. */
  readonly amount: Amount
  readonly currency: string
  /** With null for what was forgotten, where it is not the authorization that is asked for. */
  readonly method: ShownMethod
  /** Whether an approved authorization is captured in the same step. */
  readonly capture: 'automatic' | 'manual'
}

/** What is known of a reference: an outcome, not decided yet, or never received. */
export type GatewayLookup = GatewayOutcome | { readonly type: 'pending' } | { readonly type: 'notFound' }

type Ask<T> = (operation: GatewayOperation, signal: AbortSignal) => Promise<T>

/**
 * Where payments are really made. A call whose promise is rejected, or still open when `signal` is aborted, has an
 * unknown outcome: it is asked for later with `lookup` and the same operation, never guessed and never sent again.
 */
export type Gateway = {
  readonly name: string
  readonly authorize: Ask<GatewayOutcome>
  readonly capture: Ask<GatewayOutcome>
  readonly increment: Ask<GatewayOutcome>
  readonly void: Ask<GatewayOutcome>
  readonly refund: Ask<GatewayOutcome>
  readonly lookup: Ask<GatewayLookup>
}
