import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createChangeSettings } from '../../command-side/gateway-settings/change-settings.ts'
import { temporaryLog } from '../../command-side/payouts/testing/temporary-log.ts'
import { anyPayment } from '../../domain/gateway/rules.ts'
import { describeGatewayCache } from '../contracts/gateway-cache.ts'
import { createGatewayCache } from './gateway-cache.ts'
import { memoryTier } from './testing/memory-tier.ts'

describeGatewayCache('gateways in instances that share a memory', async () => ({
  shared: memoryTier().shared,
  close: async () => undefined,
}))

let temporary: Awaited<ReturnType<typeof temporaryLog>>
beforeAll(async () => {
  temporary = await temporaryLog()
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => temporary.remove())

test('processes that share nothing but the log hear of a change a second later', async () => {
  const alone = { shared: undefined, onLookup: () => undefined, onUnavailable: () => undefined }
  const [one, other] = [temporary.open(), temporary.open()].map((log) => ({
    log,
    cache: createGatewayCache(log, alone),
  }))
  if (one === undefined || other === undefined) throw new Error('no processes')
  await other.cache.warm('sandbox')
  await createChangeSettings(one.log, one.cache)(
    { type: 'configureGateway', gateway: 'sandbox', enabled: false },
    { now: '2026-01-31T12:00:00.000Z', traceId: 'trace' },
  )
  expect(await one.cache.rulesOf('sandbox', 'upi')).toMatchObject({ gatewayEnabled: false })
  expect(other.cache.rulesOf('sandbox', 'upi')).toEqual(anyPayment)
  vi.advanceTimersByTime(1_000)
  expect(await other.cache.rulesOf('sandbox', 'upi')).toEqual({ ...anyPayment, gatewayEnabled: false })
})
