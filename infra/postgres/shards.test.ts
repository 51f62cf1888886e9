import { expect, test } from 'vitest'
import { schemas, shardOf } from './shards.ts'

test.each([
  ['1042', 10, 'shard_2'],
  ['7', 10, 'shard_7'],
  ['00017', 10, 'shard_7'],
  ['98765432109876543210987654321', 10, 'shard_1'],
  ['98765432109876543210987654321', 7, 'shard_0'],
])('a numeric merchant %s of %i shards is in %s', (merchantId, count, schema) => {
  expect(shardOf(merchantId, count)).toBe(schema)
})

// Data is where these say: they may never change.
test.each([
  ['shop_a', 'shard_5'],
  ['shop_b', 'shard_8'],
  ['acme-de', 'shard_5'],
  ['1042x', 'shard_4'],
])('another merchant %s is where it always was', (merchantId, schema) => {
  expect(shardOf(merchantId, 10)).toBe(schema)
})

test('other merchants are spread over all shards', () => {
  const used = new Set(Array.from({ length: 500 }, (_, n) => shardOf(`merchant_${n}`, 10)))
  expect([...used].sort()).toEqual(schemas(10).sort())
})
