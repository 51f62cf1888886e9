import { expect, test } from 'vitest'
import { expectedModels } from '../../projections/testing/expected-models.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { tables } from '../../projections/testing/read-models.ts'
import { differences } from './differences.ts'
import { logFaults } from './log-faults.ts'

const log = randomLog(7, 400, ['shop-1', 'shop-2'])
const models = expectedModels(log)

test('a log as it was written has no faults', () => {
  expect(logFaults(log)).toEqual([])
})

test('an event that the log has twice, under its id or under another, is a fault', () => {
  const [first] = log
  if (first === undefined) throw new Error('the log is empty')
  expect(logFaults([...log, first])).toContain(`the log has ${first.id} twice`)
  const again = logFaults([...log, { ...first, id: 'another' }])
  expect(again).toContain(`the log has ${first.stream} ${first.type} ${first.revision} twice`)
})

test('each event that a stream lacks in its midst is a fault', () => {
  const lengths = new Map(log.map(({ stream, revision }) => [stream, revision]))
  const inner = log.filter(({ stream, revision }) => revision < (lengths.get(stream) ?? 0))
  expect(inner.length).toBeGreaterThan(10)
  for (const lost of inner)
    expect(logFaults(log.filter((each) => each !== lost))).toEqual([
      `${lost.stream} has revision ${lost.revision + 1} after ${lost.revision - 1}`,
    ])
})

test('equal models do not differ, in whatever order their rows are', () => {
  const turned = Object.fromEntries(
    tables.map((table) => [table, models[table].toReversed()]),
  ) as unknown as typeof models
  expect(differences(turned, models)).toEqual([])
})

test.each(tables.filter((table) => models[table].length > 0))(
  'a row of %s that is lost, doubled or changed is told',
  (table) => {
    const [row, ...rest] = models[table]
    if (row === undefined) throw new Error('the table is empty')
    expect(differences({ ...models, [table]: rest }, models)).toEqual([expect.stringContaining(`${table} lacks {`)])
    expect(differences({ ...models, [table]: [row, row, ...rest] }, models)).toEqual([
      expect.stringContaining(`${table} has {`),
    ])
    const changed = { ...row, merchant_id: 'somebody' }
    expect(differences({ ...models, [table]: [changed, ...rest] }, models)).toHaveLength(2)
  },
)
