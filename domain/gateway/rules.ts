import type { Amount } from '../money.ts'
import type { Rejection } from '../rejection.ts'

/** What a payment in a currency may amount to, both ends included. */
export type Limit = { readonly currency: string; readonly minAmount: Amount; readonly maxAmount: Amount }

/** What a gateway takes of payments by one method; any amount of a currency that has no limit. */
export type MethodRules = { readonly enabled: boolean; readonly limits: readonly Limit[] }

/** Of a method for which nobody has set any. */
export const noRules: MethodRules = { enabled: true, limits: [] }

/** What a gateway's settings say of payments by one method, given to the decider with the command. */
export type PaymentRules = { readonly gatewayEnabled: boolean; readonly method: MethodRules }

/** Those of a gateway that nobody has configured. */
export const anyPayment: PaymentRules = { gatewayEnabled: true, method: noRules }

/** Why the rules have no payment of this amount made, nor raised to it; undefined where they have nothing against it. */
export const refusedByRules = (
  { gatewayEnabled, method }: PaymentRules,
  currency: string,
  amount: Amount,
): Rejection | undefined => {
  if (!gatewayEnabled) return 'gatewayDisabled'
  if (!method.enabled) return 'methodNotAccepted'
  const limit = method.limits.find((each) => each.currency === currency)
  if (limit !== undefined && (amount < limit.minAmount || amount > limit.maxAmount)) return 'amountOutsideRules'
  return undefined
}
