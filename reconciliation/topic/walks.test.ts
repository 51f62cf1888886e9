import { expect, test } from 'vitest'
import { walks } from './walks.ts'

const offsets = (...each: readonly number[]) => new Map(each.entries())

test('the next page of a log goes on where the one before it ended', () => {
  const walked = walks()
  walked.note(0, 10, offsets(3, 4))
  walked.note(1, 10, offsets(8, 2))
  expect([walked.endOf(0, 10), walked.endOf(1, 10), walked.endOf(0, 11)]).toEqual([
    offsets(3, 4),
    offsets(8, 2),
    undefined,
  ])
  expect(walked.last()).toEqual(offsets(3, 2))
})

test('a record is there again where it comes after all of its log, whatever there is of other logs', () => {
  const walked = walks()
  walked.note(0, 10, offsets(3))
  walked.note(1, 20, offsets(8))
  const record = { log: 1, part: 0, upTo: 15 }
  expect([5, 7, 8].map((offset) => walked.isAgain({ ...record, offset }))).toEqual([false, false, true])
  expect(walked.isAgain({ ...record, offset: 9, upTo: 21 })).toBe(false)
})

test('only so many places are remembered, the latest of them', () => {
  const walked = walks()
  for (let upTo = 1; upTo <= 100; upTo++) walked.note(0, upTo, offsets(upTo))
  expect([walked.endOf(0, 1), walked.endOf(0, 100)]).toEqual([undefined, offsets(100)])
})
