import type { MethodType } from '../payment/method.ts'
import type { MethodRules } from './rules.ts'

/** What operators have set for a gateway, folded. */
export type GatewaySettings = {
  /** Whether it takes new payments. */
  readonly enabled: boolean
  /** Methods that are not in it have no rules. */
  readonly methods: ReadonlyMap<MethodType, MethodRules>
  /** -1 for a gateway for which nobody has set anything. */
  readonly revision: number
}
