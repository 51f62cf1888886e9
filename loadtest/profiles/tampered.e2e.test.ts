import { Cluster } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, runToEnd } from '../../app/testing/program.ts'
import { openTables } from '../tables.ts'
import { openShop, settings } from './testing/shop.ts'
import { putRecord, topicRecords } from './testing/topic-records.ts'

// What is changed by hand in each engine of the cluster is found, located and repaired.

const tables = openTables(settings)
let redis: Cluster

beforeAll(() => {
  const nodes = (settings['REDIS_HOST'] ?? '').split(',').map((address) => address.split(':'))
  redis = new Cluster(nodes.map(([host = '', port = '']) => ({ host, port: Number(port) })))
})
afterAll(async () => {
  redis.disconnect()
  await tables.close()
})

/** Changes rows of whichever shard has them; `text` has `SHARD` in the place of its schema. */
const changeRows = async (text: string, value: string): Promise<number> => {
  let changed = 0
  for (const { shards, transaction } of tables.servers)
    for (const schema of shards)
      changed += (await transaction((sql) => sql.query(`${text.replace('SHARD', schema)} returning 1`, [value]))).length
  return changed
}

type Line = Readonly<Record<string, string>>
const reconcile = async (...args: readonly string[]): Promise<{ code: number | null; lines: readonly Line[] }> => {
  const { ended, stdout } = run(['reconcile', '--once', '--json', ...args], settings)
  const code = await ended
  return { code, lines: (JSON.parse(stdout()) as { differences: readonly Line[] }).differences }
}

test('a record that was lost, doubled or altered by hand is found where it is, and repaired', async () => {
  const { merchant, pay } = await openShop('tampered')
  const [raised = '', gone = '', cached = '', twice = '', forged = ''] = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((name) => pay({ vpa: `${name}@okbank` })),
  )
  const uuid = (id: string): string => id.replace('pay_', '')
  expect(await changeRows('update SHARD.payments set amount = 9000 where id = $1::uuid', uuid(raised))).toBe(1)
  expect(await changeRows('delete from SHARD.payments where id = $1::uuid', uuid(gone))).toBe(1)
  const key = `transaction:${cached}:status`
  const status = (await redis.get(key)) ?? ''
  expect(status).toContain('900')
  await redis.set(key, status.replaceAll('900', '901'), 'PX', 300_000)
  const records = await topicRecords()
  const lastOf = (id: string) => records.findLast(({ message }) => message.key?.toString() === `payment-${id}`)
  const [copy, model] = [lastOf(twice), lastOf(forged)]
  if (copy === undefined || model === undefined) throw new Error('the topic has not what was paid')
  await putRecord(copy, copy.message.value)
  await putRecord(model, Buffer.from(String(model.message.value).replace('900', '901')))

  const found = await reconcile()
  expect(found.code).toBe(1)
  const streams = [raised, gone, cached, twice, forged].map((id) => `payment-${id}`)
  const mine = ({ lines }: { lines: readonly Line[] }): ReadonlySet<string> =>
    new Set(lines.map(({ where, kind, stream = '' }) => `${where} ${kind} ${streams.indexOf(stream)}`))
  const expected = ['postgres altered 0', 'postgres lost 1', 'redis altered 2', 'kafka doubled 3', 'kafka altered 4']
  expect(mine(found)).toEqual(new Set(expected))

  const repaired = await reconcile('--repair', '--reason', 'an e2e test')
  expect([repaired.code, mine(repaired)]).toEqual([0, new Set(expected)])
  expect(await reconcile()).toMatchObject({ code: 0 })
  for (const id of [raised, gone, cached])
    expect((await merchant.get(`/v1/payments/${id}`)).body).toMatchObject({ id, amount: 900, captured: 900 })
  expect(await runToEnd(['verify'], settings)).toMatch(/ 0 findings$/)
}, 150_000)
