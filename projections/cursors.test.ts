import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { OtherFeed, makeCursors, moveCursors, seenParts } from './cursors.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'

let models: TestReadModels

beforeAll(async () => {
  models = await startTestReadModels(1, 2)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

test.each([
  { name: 'a later event moves both on', to: { sequence: 6, offset: 12 }, is: { sequence: 6, offset: 12 } },
  {
    name: 'where the log stands still, the place in the feed',
    to: { sequence: 5, offset: 11 },
    is: { sequence: 5, offset: 11 },
  },
  { name: 'what comes again moves nothing', to: { sequence: 5, offset: 9 }, is: { sequence: 5, offset: 10 } },
  {
    name: 'a copy of old events further on does not either',
    to: { sequence: 4, offset: 99 },
    is: { sequence: 5, offset: 10 },
  },
  { name: 'a feed without places leaves them', to: { sequence: 7 }, is: { sequence: 7, offset: 10 } },
])('$name', async ({ to, is }) => {
  const { server } = models
  const part = { log: 0, part: 0 }
  const targets = server.shards.map((schema) => ({ schema, projection: { name: 'payments' } }))
  const seen = await server.transaction(async (sql) => {
    await makeCursors(sql, targets, { logs: 1, parts: 1 })
    await moveCursors(sql, targets, [{ ...part, sequence: 5, offset: 10 }])
    await moveCursors(sql, targets, [{ ...part, ...to }])
    return seenParts(sql, targets)
  })
  expect(seen).toEqual([{ ...part, ...is }])
})

test('cursors of a feed with another number of parts are refused, with the setting that says how many', async () => {
  const { server } = models
  const targets = server.shards.map((schema) => ({ schema, projection: { name: 'payments' } }))
  const made = (parts: number) => server.transaction((sql) => makeCursors(sql, targets, { logs: 1, parts }))
  await made(5)
  await expect(made(5)).resolves.toBeUndefined()
  for (const parts of [4, 6]) await expect(made(parts)).rejects.toThrow(OtherFeed)
  await expect(made(4)).rejects.toThrow('a feed of 5 parts and cannot go on with one of 4: set KAFKA_PARTITIONS')
})
