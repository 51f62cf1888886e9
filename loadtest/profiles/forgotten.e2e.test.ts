import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { runToEnd } from '../../app/testing/program.ts'
import { openTables } from '../tables.ts'
import { openShop, settings } from './testing/shop.ts'
import { topicRecords } from './testing/topic-records.ts'

// What is personal is in no engine of the cluster, from the beginning; `app/forget` has the same of the embedded profile.

const payer = { vpa: `marrowby.${randomBytes(4).toString('hex')}@okbank`, name: 'Ottoline Marrowby' }

/** Which of the texts stand in any record of the topic, and how many records there are. */
const inTopic = async (texts: readonly string[]): Promise<{ hits: readonly string[]; records: number }> => {
  const all = (await topicRecords()).map(({ message }) => JSON.stringify(message, (_, value: unknown) => textOf(value)))
  return { hits: texts.filter((text) => all.some((record) => record.includes(text))), records: all.length }
}

/** Bytes as text, also as `JSON.stringify` is given them. */
const textOf = (value: unknown): unknown => {
  const isBytes = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
  return isBytes && 'data' in value ? Buffer.from(value.data as number[]).toString() : value
}

/** The same of all rows of all tables. */
const inTables = async (texts: readonly string[]): Promise<{ hits: readonly string[]; records: number }> => {
  const opened = openTables(settings)
  const hits: string[] = []
  let records = 0
  try {
    for (const server of opened.servers)
      await server.transaction(async (sql) => {
        const tables = await sql.query<{ name: string }>(
          `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
           where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
          [],
        )
        for (const { name } of tables) {
          const rows = await sql.query<{ line: string }>(`select each::text as line from ${name} each`, [])
          records += rows.length
          hits.push(...texts.filter((text) => rows.some(({ line }) => line.includes(text))))
        }
      })
  } finally {
    await opened.close()
  }
  return { hits, records }
}

/** The same of all that Redis has. */
const inRedis = async (texts: readonly string[]): Promise<{ hits: readonly string[]; records: number }> => {
  const hits: string[] = []
  let records = 0
  for (const address of (settings['REDIS_HOST'] ?? '').split(',')) {
    const [host = '', port = ''] = address.split(':')
    const node = new Redis({ host, port: Number(port) })
    for (const name of await node.keys('*')) {
      const dumped = await node.dumpBuffer(name).catch(() => null)
      const hash = await node.hgetall(name).catch(() => ({}))
      const value = await node.get(name).catch(() => '')
      records += 1
      const all = [name, dumped?.toString() ?? '', JSON.stringify(hash), value ?? ''].join('\n')
      hits.push(...texts.filter((text) => all.includes(text)))
    }
    node.disconnect()
  }
  return { hits, records }
}

test('Kafka, PostgreSQL and Redis have no personal data of a customer, and forgetting reaches what they have', async () => {
  const { merchantId, operator, merchant, pay } = await openShop('sealed')
  const id = await pay(payer, { customerId: 'cust_sealed' })
  const read = async () => (await merchant.get(`/v1/payments/${id}`)).body
  expect(await read()).toMatchObject({ method: payer })

  const texts = [payer.vpa, payer.name, id, id.replace('pay_', '')]
  for (const place of [inTopic, inTables, inRedis]) {
    const { hits, records } = await place(texts)
    expect([place.name, hits.filter((text) => text === payer.vpa || text === payer.name)]).toEqual([place.name, []])
    // It has the payment, or nothing could have been found.
    expect([place.name, records > 0 && hits.length > 0]).toEqual([place.name, true])
  }

  const balances = async () => (await merchant.get('/v1/balances')).body['data']
  const before = await balances()
  const told = await operator.post(`/v1/merchants/${merchantId}/customers/cust_sealed/forget`, { reason: 'ticket 9' })
  expect([told.status, told.body]).toMatchObject([200, { done: true, transactions: 1 }])
  expect(await read()).toMatchObject({ method: { type: 'upi', vpa: null, name: null }, forgotten: true })
  expect(await balances()).toEqual(before)
  expect(await runToEnd(['verify'], settings)).toMatch(/ 0 findings$/)
})
