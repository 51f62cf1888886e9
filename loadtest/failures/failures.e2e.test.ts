import { afterAll, beforeAll, expect, test } from 'vitest'
import { failures } from './failures.ts'
import { type Installation, startInstallation } from './installation.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { failUnderLoad } from './round.ts'

// One round of each failure of `npm run failures`, all on one installation.

const startTimeoutMs = 240_000
const roundTimeoutMs = 300_000
const merchants = Array.from({ length: 12 }, (_, number) => `shop-${number + 1}`)
const ended: string[] = []
let installation: Installation
let ledger: Ledger
let keys: readonly string[]

beforeAll(async () => {
  installation = await startInstallation(
    () => undefined,
    (side, said) => ended.push(`${side} ended by itself: ${said}`),
  )
  ledger = openLedger(installation.settings)
  keys = await Promise.all(merchants.map((merchant) => installation.keyOf(merchant)))
}, startTimeoutMs)

afterAll(async () => {
  await ledger?.close()
  await installation?.stop()
}, startTimeoutMs)

test.each(failures.map((failure) => [failure.name, failure] as const))(
  'after %s nothing acknowledged is missing, nothing is there twice, and the tables equal a fold',
  async (_, failure) => {
    const round = await failUnderLoad(installation, keys, failure, ledger, { connections: 8, pauseMs: 300 })
    expect(round.faults).toEqual([])
    expect(round.acknowledged).toBeGreaterThan(merchants.length)
    expect(ended).toEqual([])
  },
  roundTimeoutMs,
)
