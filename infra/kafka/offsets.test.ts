import { expect, test } from 'vitest'
import { earliest, followOffsets, placesToSeek } from './offsets.ts'

test('a partition is read from where the log that is furthest behind was seen, or from the beginning', () => {
  const seen = [
    { log: 0, part: 0, sequence: 9, offset: 40 },
    { log: 1, part: 0, sequence: 2, offset: 30 },
    { log: 0, part: 1, sequence: 9, offset: 40 },
    { log: 1, part: 1, sequence: 0 },
  ]
  expect([...placesToSeek(seen, [0, 1, 2])]).toEqual([
    [0, 30],
    [1, earliest],
    [2, earliest],
  ])
})

test('an offset that should come and does not is gone', () => {
  const offsets = followOffsets()
  offsets.begin(new Map([[4, 100]]))
  expect(offsets.arrived(4, 100)).toEqual({ type: 'next' })
  offsets.went(4, 120)
  expect(offsets.arrived(4, 150)).toEqual({ type: 'gone', expected: 120 })
  expect(offsets.arrived(4, 0)).toEqual({ type: 'gone', expected: 120 })
})

test('from the beginning is from wherever that is', () => {
  const offsets = followOffsets()
  offsets.begin(new Map([[4, earliest]]))
  expect(offsets.arrived(4, 77)).toEqual({ type: 'next' })
})

test('what was asked for before the partitions were given anew is old, once', () => {
  const offsets = followOffsets()
  offsets.begin(new Map([[4, 100]]))
  offsets.went(4, 120)
  offsets.pause()
  expect(offsets.arrived(4, 120)).toEqual({ type: 'old' })
  offsets.begin(new Map([[4, 110]]))
  expect(offsets.arrived(4, 120)).toEqual({ type: 'old' })
  expect(offsets.arrived(4, 120)).toEqual({ type: 'gone', expected: 110 })
})
