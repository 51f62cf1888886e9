import type { Amount } from '../money.ts'

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
