import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writePointer } from '../../projections/copies/pointer.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import { migrate } from '../../projections/migrate.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { dropCopies } from '../../projections/rebuild/drop.ts'
import { rebuild } from '../../projections/rebuild/rebuild.ts'
import { rollBack, switchCopies } from '../../projections/rebuild/switch.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { runToHead } from '../../projections/testing/run-to-head.ts'
import { tailFeed } from '../../projections/tail-feed.ts'
import type { QueryShards } from '../../query-side/shards.ts'
import { snapshot } from '../../query-side/snapshot.ts'
import { where } from '../../query-side/where.ts'
import { queryShards } from './query-shards.ts'
import { type OpenReadModels, openReadModels, placeOf } from './testing/open-read-models.ts'
import { startPrimary, type TestHost } from './testing/test-host.ts'

const shardCount = 4
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

const toolsOf = (log: ReturnType<typeof memoryLog>) => ({
  feed: tailFeed(log),
  head: () => log.head(),
  streams: log,
  logger: quiet,
  signal: new AbortController().signal,
})

const journal = journalProjection()

let hosts: readonly TestHost[]
let models: OpenReadModels
let undo: () => Promise<unknown>

beforeAll(async () => {
  const [one, other] = [await startPrimary(), await startPrimary()]
  hosts = [one, other]
  models = openReadModels([placeOf([0, 2], [one]), placeOf([1, 3], [other])], shardCount, one.connection)
  undo = () => Promise.all(hosts.map((host) => host.remove()))
  for (const server of models.servers) {
    await migrate(server)
    await partitionsOf(server).ahead(new Date())
    await runToHead(server, memoryLog([]))
  }
})
afterAll(async () => {
  await models.close()
  await undo()
})

/** Marks each shard's rows of a copy, so that an answer says where it is from. */
const mark = async (schemaOf: (shard: string) => string, currency: string): Promise<void> => {
  for (const server of models.servers)
    await server.transaction(async (sql) => {
      for (const shard of server.shards)
        await sql.query(`insert into ${schemaOf(shard)}.account_balances values ($1, 'fees', $2, 'posted', 0, 0)`, [
          `${shard}`,
          currency,
        ])
    })
}

const copyInAnswer = async (shards: QueryShards): Promise<string> => {
  const { rows } = await snapshot<{ readonly currency: string }>(shards, {
    projection: 'journal',
    schemas: shards.all,
    select: (schema, condition) => `select currency from ${schema}.account_balances where ${condition}`,
    where: where(['true']),
  })
  expect(rows).toHaveLength(shardCount)
  return [...new Set(rows.map(({ currency }) => currency))].join(' and ')
}

/** Which copies answers are from, one reader's after another, until it is stopped. An answer of both would be in it. */
const readOn = (): { stop(): Promise<readonly string[]> } => {
  const answers: string[] = []
  let stopped = false
  const read = async (): Promise<void> => {
    while (!stopped) {
      const one = await copyInAnswer(models.shards)
      if (answers.at(-1) !== one) answers.push(one)
      const held = await models.shards.asOfNow()
      const first = await copyInAnswer(held)
      await sleep(5)
      // An answer that takes two questions.
      if ((await copyInAnswer(held)) !== first) answers.push('torn')
    }
  }
  const readers = [read(), read(), read()]
  return {
    stop: async () => {
      stopped = true
      await Promise.all(readers)
      return answers
    },
  }
}

test('while copies are switched, back and dropped, every answer is of one copy, on all servers alike', async () => {
  const log = memoryLog([])
  const tools = toolsOf(log)
  await mark((shard) => shard, 'AAA')
  await rebuild({ servers: models.servers, ...tools, onProgress: () => undefined }, { projection: journal })
  await mark((shard) => `${shard}_journal_2`, 'BBB')

  const reading = readOn()
  const settled = async (copy: string): Promise<void> => {
    while ((await copyInAnswer(models.shards)) !== copy) await sleep(20)
    await sleep(100)
  }
  await settled('AAA')
  for (let round = 0; round < 2; round++) {
    await switchCopies(models.servers, 'journal')
    await settled('BBB')
    await rollBack(models.servers, 'journal')
    await settled('AAA')
  }
  await switchCopies(models.servers, 'journal')
  await dropCopies(models.servers, journal)
  await settled('BBB')
  expect([...new Set(await reading.stop())].sort()).toEqual(['AAA', 'BBB'])
}, 120_000)

test('a switch that was cut short after the first server is one for all shards, and is finished by the next', async () => {
  const log = memoryLog([])
  const tools = toolsOf(log)
  await rebuild({ servers: models.servers, ...tools, onProgress: () => undefined }, { projection: journal })
  await mark((shard) => `${shard}_journal_3`, 'CCC')
  const [, other] = models.servers
  const numbers = Array.from({ length: shardCount }, () => 3)
  const before = numbers.map(() => 2)
  await other?.transaction((sql) => writePointer(sql, 'journal', { change: 100, numbers, before }))
  await models.reads.copies.refresh()
  expect(await copyInAnswer(models.shards)).toBe('CCC')
  expect(await rollBack(models.servers, 'journal')).toEqual({ number: 2, shards: shardCount })
  await models.reads.copies.refresh()
  expect(await copyInAnswer(models.shards)).toBe('BBB')
})

test('readers that have not heard of a drop yet find what is there', async () => {
  const stale = models.reads.copies
  await switchCopies(models.servers, 'journal')
  await stale.refresh()
  await rollBack(models.servers, 'journal')
  // One that was paused for longer than the grace before a drop.
  const before = await stale.now()
  await dropCopies(models.servers, journal)
  const paused = queryShards({ ...models.reads, copies: { ...stale, now: async () => before } })
  expect(await copyInAnswer(paused)).toBe('BBB')
})
