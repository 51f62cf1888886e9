import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentStream } from '../domain/event.ts'
import { serverProcesses } from '../infra/postgres/testing/server-processes.ts'
import { idOf, sold } from './testing/events.ts'
import { appOf, asker, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

let stage: Stage
let ask: (who: string, path: string) => Promise<Reply>

const cached = `/v1/payments/${idOf('pay', 'sale')}`

beforeAll(async () => {
  stage = await openStage()
  ask = asker(appOf(stage.deps))
  const sale = { name: 'sale', merchantId: '1042', amount: 500n }
  await stage.record(paymentStream(idOf('pay', 'sale')), '2025-06-01T10:00:00.000Z', ...sold(sale))
  await stage.caughtUp()
  expect((await ask('finance', cached)).status).toBe(200)
  await stage.pause()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

const paths = [
  `/v1/payments/${idOf('pay', 'other')}`,
  '/v1/payments',
  '/v1/payments?minPosition=1',
  '/v1/payouts',
  '/v1/balances',
  '/v1/ledger/entries',
  '/v1/ledger/trial-balance',
  '/v1/reports/daily',
  '/v1/settlements',
  '/v1/projections',
]

const expectUnavailable = async (): Promise<void> => {
  for (const path of paths) {
    const { status, headers, body } = await ask('finance', path)
    expect([path, status, body['code'], headers.get('Retry-After')]).toEqual([path, 503, 'readModelUnavailable', '1'])
  }
  // What needs no database goes on.
  expect((await ask('finance', cached)).status).toBe(200)
  expect((await ask('auditor', `${cached}/events`)).status).toBe(200)
  expect((await ask('nobody', '/health')).status).toBe(200)
}

test.runIf(process.platform === 'linux')(
  'a silent database is unavailable, and is used again once it speaks',
  async () => {
    const stopped = await serverProcesses(stage.server.pid)
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    try {
      await expectUnavailable()
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT')
    }
    await expect.poll(async () => (await ask('finance', '/v1/payments')).status, { timeout: 20_000 }).toBe(200)
  },
)

test('a database that has gone is unavailable', async () => {
  await stage.server.stop()
  await expectUnavailable()
})
