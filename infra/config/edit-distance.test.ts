import { expect, test } from 'vitest'
import { editDistance } from './edit-distance.ts'

test.each([
  ['SHARDS', 'SHARDS', 0],
  ['SHARD', 'SHARDS', 1],
  ['KAKFA', 'KAFKA', 1],
  ['CACHE', 'CASHE', 1],
  ['', 'FEED', 4],
  ['HOME', 'HOST', 2],
])('%s and %s are %i apart', (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance)
  expect(editDistance(other, one)).toBe(distance)
})
