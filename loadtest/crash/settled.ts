import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './api.ts'

/** Waits until the projections have everything and nothing is left unresolved, of one merchant where one is named; bounded. */
export const settled = async (system: Api, merchantId?: string): Promise<string[]> => {
  const whose = merchantId === undefined ? '' : `&merchantId=${merchantId}`
  for (let tries = 0; ; tries++) {
    const projections = await system.get<{ data: { lag: { events: number }; parked: unknown }[] }>('/v1/projections')
    const behind = projections.data.filter((each) => each.lag.events > 0).length
    const pending = await system.get<{ data: unknown[] }>(`/v1/payments?status=pending&limit=1${whose}`)
    const requested = await system.get<{ data: unknown[] }>(`/v1/payouts?status=requested&limit=1${whose}`)
    if (behind === 0 && pending.data.length === 0 && requested.data.length === 0) return []
    if (tries > 300) {
      return [
        `after a minute: ${behind} projections behind, ${pending.data.length} payments pending, ${requested.data.length} payouts requested`,
      ]
    }
    await sleep(200)
  }
}
