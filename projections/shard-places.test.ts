import { expect, test } from 'vitest'
import { lackingAt, type ShardPlace, shardFault } from './shard-places.ts'

const at = (shards: readonly number[], held?: readonly number[], count: number | null = 4): ShardPlace => {
  const names = (numbers: readonly number[]): string[] => numbers.map((number) => `shard_${number}`)
  return { shards: names(shards), found: held === undefined ? undefined : { count, held: names(held) } }
}

test.each([
  ['as they should be', [at([0, 1], [0, 1]), at([2, 3], [2, 3])]],
  ['not asked yet', [at([0, 1]), at([2, 3])]],
  ['empty', [at([0, 1], [], null), at([2, 3], [], null)]],
  ['being made', [at([0, 1], [0]), at([2, 3], [])]],
  ['left behind where they were before', [at([0], [0, 1]), at([1, 2, 3], [1, 2, 3])]],
])('servers that are %s contradict nothing', (_, places) => {
  expect(shardFault(places, 4)).toBeUndefined()
})

test.each([
  ['exchanged', [at([2, 3], [0, 1]), at([0, 1], [2, 3])], 'for the shards 2, 3 has 0, 1'],
  ['exchanged, one of which is away', [at([2, 3]), at([0, 1], [2, 3])], 'for the shards 0, 1 has 2, 3'],
  ['cut elsewhere', [at([0, 1, 2], [0, 1]), at([3], [2, 3])], 'for the shards 0, 1, 2 has 0, 1'],
])('servers that are %s are told, with SHARD_MAP', (_, places, told) => {
  expect(shardFault(places, 4)).toBe(`SHARD_MAP is wrong: the server that it names ${told}`)
})

test('another number of shards is told, with SHARDS', () => {
  expect(shardFault([at([0, 1]), at([2, 3], [2, 3], 10)], 4)).toMatch(/^SHARDS=4 is wrong: .* made with 10 shards/)
})

test('what a server lacks', () => {
  expect(lackingAt(at([0, 1], [1]))).toEqual(['shard_0'])
  expect(lackingAt(at([0, 1]))).toEqual([])
})
