import type { GatewayEvent } from '../../domain/gateway/event.ts'
import type { PaymentRules } from '../../domain/gateway/rules.ts'
import type { MethodType } from '../../domain/payment/method.ts'

/** What spares payments a read of their gateway's stream. */
export type GatewayCache = {
  /** What the gateway's settings said of payments by the method a moment ago; at once where that is at hand. Throws `EventStoreBusy`. */
  rulesOf(gateway: string, method: MethodType): PaymentRules | Promise<PaymentRules>
  /** Hears of each event that is appended here before anybody is answered, with its place in its stream. Never rejects. */
  changed(event: GatewayEvent, revision: number): Promise<void>
}
