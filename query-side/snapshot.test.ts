import { afterAll, beforeAll, expect, test } from 'vitest'
import { snapshot } from './snapshot.ts'
import { openStage, type Stage } from './testing/stage.ts'
import { where } from './where.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
  await stage.pause()
})
afterAll(() => stage.close())

const setCursors = async (...cursors: readonly (readonly [shard: number, log: number, sequence: number])[]) => {
  for (const schema of stage.deps.shards.all) await stage.pool.query(`delete from ${schema}.cursors`)
  for (const [shard, log, sequence] of cursors)
    await stage.pool.query(
      `insert into shard_${shard}.cursors (projection, log, sequence) values ('payments', $1, $2), ('journal', $1, 999)`,
      [log, sequence],
    )
}

const read = (schemas: readonly string[], condition = true, limit?: number) =>
  snapshot<{ readonly n: number }>(stage.deps.shards, {
    projection: 'payments',
    schemas,
    select: (schema, conditions) => `
      select n from (values (1), (2)) as ${schema}(n) where ${conditions}`,
    where: where(['?::boolean', condition]),
    order: [['n', 'desc']],
    ...(limit === undefined ? {} : { limit }),
  })

test('the position is the lowest of the shards that were asked', async () => {
  await setCursors([0, 0, 7], [1, 0, 5], [2, 0, 9])
  expect((await read(['shard_0', 'shard_1', 'shard_2'])).position).toBe('5')
  expect((await read(['shard_0', 'shard_2'])).position).toBe('7')
  expect((await read(['shard_2'])).position).toBe('9')
})

test('it has a component for each log', async () => {
  await setCursors([0, 0, 7], [0, 1, 3], [1, 0, 5], [1, 1, 4])
  expect((await read(['shard_0', 'shard_1'])).position).toBe('5.3')
})

test('a shard that has not begun has seen nothing', async () => {
  await setCursors([0, 0, 7], [0, 1, 3], [1, 1, 4])
  expect((await read(['shard_0', 'shard_1'])).position).toBe('0.3')
  expect((await read(['shard_2'])).position).toBe('0')
})

test('no rows have a position too', async () => {
  await setCursors([1, 0, 5])
  expect(await read(['shard_1'], false)).toEqual({ position: '5', rows: [] })
})

test('rows of several shards are merged and cut', async () => {
  await setCursors([0, 0, 1], [1, 0, 1])
  expect((await read(['shard_0', 'shard_1'], true, 3)).rows.map(({ n }) => n)).toEqual([2, 2, 1])
})

test('conditions fall away with their values', () => {
  expect(where(['a = ?', 1], ['b = ?', undefined], ['(c, d) < (?, ?)', 2, 3], ['e is null'])).toEqual({
    sql: 'a = $1 and (c, d) < ($2, $3) and e is null',
    values: [1, 2, 3],
  })
  expect(where(['b = ?', undefined])).toEqual({ sql: 'true', values: [] })
})
