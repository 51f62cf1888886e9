import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkOverHttp, checkWithLog, notFolded } from './books.ts'
import { openSmallLedger, paymentIdOf, type Shown } from './testing/ledger.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-tampering-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Ledger = Awaited<ReturnType<typeof openSmallLedger>>

/** What both ways of checking find, after the log and then what is shown of it were tampered with. */
const check = async (
  tamper: (ledger: Ledger) => unknown,
  show: (shown: Shown) => unknown = () => undefined,
): Promise<{ withLog: readonly string[]; overHttp: readonly string[] }> => {
  const ledger = await openSmallLedger(mkdtempSync(join(folder, 'ledger-')), 30)
  try {
    await tamper(ledger)
    const shown = await ledger.project()
    show(shown)
    const checked = await ledger.serve(shown)
    const withLog = await checkWithLog(checked, ledger.log, notFolded(), 1_000)
    const overHttp = await checkOverHttp(checked, 1_000)
    return { withLog: withLog.faults, overHttp: overHttp.faults }
  } finally {
    await ledger.close()
  }
}

const nothing = () => undefined

test('where nothing is wrong, nothing is found', async () => {
  expect(await check(nothing)).toEqual({ withLog: [], overHttp: [] })
})

test('an acknowledged payment that is nowhere', async () => {
  const { withLog, overHttp } = await check((ledger) => ledger.acknowledge(99))
  const lost = `${paymentIdOf(99)} was acknowledged and is missing`
  expect(withLog).toContain(lost)
  expect(overHttp).toContain(lost)
})

test('a payment whose client was told nothing certain may be there or not', async () => {
  const tamper = async (ledger: Ledger) => {
    ledger.leaveOpen(97)
    ledger.leaveOpen(98)
    await ledger.pay(98)
  }
  expect(await check(tamper)).toEqual({ withLog: [], overHttp: [] })
})

test('a payment that nobody sent', async () => {
  const { withLog, overHttp } = await check((ledger) => ledger.pay(99))
  for (const faults of [withLog, overHttp]) expect(faults.join()).toContain(`${paymentIdOf(99)} is there, but`)
})

test('an effect that is there twice', async () => {
  const { withLog, overHttp } = await check((ledger) => ledger.captureAgain(3))
  for (const faults of [withLog, overHttp]) {
    expect(faults.join()).toMatch(new RegExp(`${paymentIdOf(3)} has PaymentCaptured cap_\\w+ twice`))
  }
})

test('a read model that says something else than the log', async () => {
  const { withLog, overHttp } = await check(nothing, ({ payments }) => {
    const payment = payments[4]
    if (payment) payments[4] = { ...payment, captured: payment.captured + 1 }
  })
  for (const faults of [withLog, overHttp]) expect(faults).toEqual([expect.stringContaining('differs from the fold')])
})

test('a payment that the read models have lost', async () => {
  const { withLog, overHttp } = await check(nothing, ({ payments }) => payments.pop())
  expect(withLog).toEqual(['the log has 30 payments, the read models 29'])
  expect(overHttp.join()).toContain('was acknowledged and is missing')
})

test('balances that are off', async () => {
  const { withLog, overHttp } = await check(nothing, ({ balances, trialBalance }) => {
    for (const balance of balances) balance.pending -= 1
    for (const line of trialBalance.data) if (line.account === 'fees') line.credit += 1
    for (const total of trialBalance.totals) total.difference = 1
  })
  expect(withLog).toHaveLength(3)
  expect(overHttp).toEqual(['trial balance: INR posted is off by 1'])
})
