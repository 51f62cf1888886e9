import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EventStore } from '../../command-side/event-store.ts'
import { createChangeSettings } from '../../command-side/gateway-settings/change-settings.ts'
import { temporaryLog } from '../../command-side/payouts/testing/temporary-log.ts'
import { gatewayStream } from '../../domain/event.ts'
import { anyPayment } from '../../domain/gateway/rules.ts'
import { EventStoreUnavailable } from '../../http/event-store-unavailable.ts'
import { createGatewayCache, type GatewayCache } from '../cache/gateway-cache.ts'
import type { SharedTier } from '../cache/shared-tier.ts'

const by = { now: '2026-01-31T12:00:00.000Z', traceId: 'trace' }
const limits = [{ currency: 'INR', minAmount: 5n, maxAmount: 2n ** 70n }]

/** What gateways' settings are like in several instances that share a tier, whatever that is made of. */
export const describeGatewayCache = (
  name: string,
  open: () => Promise<{ readonly shared: SharedTier; close(): Promise<void> }>,
): void => {
  describe(name, () => {
    let temporary: Awaited<ReturnType<typeof temporaryLog>>
    let tier: Awaited<ReturnType<typeof open>>
    let gateway: string
    let reads: number
    let looked: string[]
    let isAway: boolean
    beforeAll(async () => {
      temporary = await temporaryLog()
      tier = await open()
    })
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['performance'] })
      gateway = `gateway-${randomUUID()}`
      reads = 0
      looked = []
      isAway = false
    })
    afterEach(() => vi.useRealTimers())
    afterAll(async () => {
      await tier.close()
      await temporary.remove()
    })

    const store = (): EventStore => ({
      ...temporary.log,
      readStream: (...given) => {
        reads += 1
        if (isAway) throw new EventStoreUnavailable('gone')
        return temporary.log.readStream(...given)
      },
    })
    const instance = (): GatewayCache =>
      createGatewayCache(store(), {
        shared: tier.shared,
        onLookup: (kind, where, result) => looked.push(`${kind} ${where} ${result}`),
        onUnavailable: (kind) => looked.push(`${kind} unavailable`),
      })
    const enable = (cache: Pick<GatewayCache, 'rulesOf' | 'changed'>, enabled: boolean) =>
      createChangeSettings(temporary.log, cache)({ type: 'configureGateway', gateway, enabled }, by)
    const limit = (cache: GatewayCache) =>
      createChangeSettings(temporary.log, cache)(
        { type: 'setMethodRules', gateway, method: 'upi', rules: { enabled: false, limits } },
        by,
      )
    const recorded = () => temporary.log.readStream(gatewayStream(gateway))
    const keys = () => [`gateway:config:${gateway}`, `method:rules:${gateway}:upi`]
    /** What nobody waits for may take a moment. */
    const areShared = () =>
      vi.waitFor(async () => {
        for (const key of keys()) expect(await tier.shared.get(key)).toMatchObject({ text: /./ })
      })
    const disabled = { gatewayEnabled: false, method: anyPayment.method }

    test('that nobody has set anything is remembered, and at hand', async () => {
      const one = instance()
      expect(await one.rulesOf(gateway, 'upi')).toEqual(anyPayment)
      expect(one.rulesOf(gateway, 'upi')).toEqual(anyPayment)
      // Both are looked for at the same time.
      for (const kind of ['gatewayConfig', 'methodRules'])
        expect(looked.filter((each) => each.startsWith(kind))).toEqual(
          ['process miss', 'redis miss', 'source hit', 'process hit'].map((each) => `${kind} ${each}`),
        )
    })

    test('what one has loaded others find where all look, under the keys of their kinds', async () => {
      const [one, other] = [instance(), instance()]
      await enable(one, false)
      await limit(one)
      vi.advanceTimersByTime(1_000)
      const rules = { gatewayEnabled: false, method: { enabled: false, limits } }
      expect(await instance().rulesOf(gateway, 'upi')).toEqual(rules)
      await areShared()
      reads = 0
      expect(await other.rulesOf(gateway, 'upi')).toEqual(rules)
      expect(reads).toBe(0)
    })

    test('a change counts at once where it was made, and elsewhere a second later', async () => {
      const [one, other] = [instance(), instance()]
      for (const each of [one, other]) await each.rulesOf(gateway, 'upi')
      await enable(one, false)
      expect(await one.rulesOf(gateway, 'upi')).toEqual(disabled)
      vi.advanceTimersByTime(999)
      expect(await other.rulesOf(gateway, 'upi')).toEqual(anyPayment)
      vi.advanceTimersByTime(1)
      reads = 0
      expect(await other.rulesOf(gateway, 'upi')).toEqual(disabled)
      expect(reads).toBe(0)
    })

    test('what the one who changed it could not tell, the projector does', async () => {
      const [one, projector] = [instance(), instance()]
      await one.rulesOf(gateway, 'upi')
      await areShared()
      await enable({ ...one, changed: async () => undefined }, false)
      vi.advanceTimersByTime(1_000)
      expect(await one.rulesOf(gateway, 'upi')).toEqual(anyPayment)
      await projector.hear(await recorded())
      vi.advanceTimersByTime(1_000)
      expect(await one.rulesOf(gateway, 'upi')).toEqual(disabled)
    })

    test('what is older never takes the place of what is newer, whoever tells it', async () => {
      const [one, other] = [instance(), instance()]
      await enable(one, false)
      await enable(one, true)
      const events = await recorded()
      const [first] = events
      if (first?.type !== 'GatewayConfigured') throw new Error('nothing was recorded')
      await other.changed(first, first.revision)
      await other.hear(events)
      vi.advanceTimersByTime(1_000)
      for (const each of [one, other, instance()]) expect(await each.rulesOf(gateway, 'upi')).toEqual(anyPayment)
    })

    test('what is loaded beforehand is at hand for every method', async () => {
      const one = instance()
      await one.warm(gateway)
      reads = 0
      for (const method of ['upi', 'card', 'emi'] as const) expect(one.rulesOf(gateway, method)).toEqual(anyPayment)
      expect(reads).toBe(0)
    })

    test('while the store is away what was known last counts, and nobody guesses', async () => {
      const one = instance()
      await enable(one, false)
      const [config = '', rules = ''] = keys()
      await one.rulesOf(gateway, 'upi')
      await areShared()
      isAway = true
      for (const key of [config, rules]) await tier.shared.forgetOlder(key, 2, 60_000)
      vi.advanceTimersByTime(1_000)
      expect(await one.rulesOf(gateway, 'upi')).toEqual(disabled)
      reads = 0
      expect(one.rulesOf(gateway, 'upi')).toEqual(disabled)
      expect(reads).toBe(0)
      await expect(instance().rulesOf(gateway, 'upi')).rejects.toThrow(EventStoreUnavailable)
    })
  })
}
