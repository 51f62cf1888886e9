import type { MethodRules } from '../../domain/gateway/rules.ts'
import type { GatewaySettings } from '../../domain/gateway/state.ts'
import type { Source } from './cached-over.ts'

/** What is cached of a gateway beside its rules for methods. */
export type GatewayConfig = Pick<GatewaySettings, 'enabled'>

/** Changes with what is written: a program that does not know it reads nothing. */
const form = 1

type WrittenConfig = GatewayConfig & { readonly form: number }
type WrittenRules = {
  readonly form: number
  readonly enabled: boolean
  /** Currency, least and most; amounts in decimal digits. */
  readonly limits: readonly (readonly [string, string, string])[]
}

/** Gateways' configurations as instances write them down for each other. */
export const configText: Pick<Source<GatewayConfig>, 'read' | 'write'> = {
  write: ({ enabled }) => JSON.stringify({ form, enabled } satisfies WrittenConfig),
  read: (text) => {
    const written: WrittenConfig = JSON.parse(text)
    return written.form === form ? { enabled: written.enabled } : undefined
  },
}

/** Rules for methods as instances write them down for each other. */
export const rulesText: Pick<Source<MethodRules>, 'read' | 'write'> = {
  write: ({ enabled, limits }) =>
    JSON.stringify({
      form,
      enabled,
      limits: limits.map(({ currency, minAmount, maxAmount }) => [currency, String(minAmount), String(maxAmount)]),
    } satisfies WrittenRules),
  read: (text) => {
    const written: WrittenRules = JSON.parse(text)
    if (written.form !== form) return undefined
    const limits = written.limits.map(([currency, least, most]) => ({
      currency,
      minAmount: BigInt(least),
      maxAmount: BigInt(most),
    }))
    return { enabled: written.enabled, limits }
  },
}
