import { expect, test } from 'vitest'
import { isPosition, lowest, positionAt, positionOf, reached, sequenceIn, sequencesIn, start } from './position.ts'

test('one log’s positions are plain numbers', () => {
  expect(positionOf({ log: 0, sequence: 7 })).toBe('7')
  expect(positionOf({ log: 2, sequence: 7 })).toBe('0.0.7')
  expect(sequenceIn('3.9', 1)).toBe(9)
  expect(sequenceIn('3', 1)).toBe(0)
})

test.each([
  ['7', '7', true],
  ['10', '9', true],
  ['9', '10', false],
  ['0', start, true],
  ['5', '5.0', true],
  ['5', '5.1', false],
  ['5.2', '4.2', true],
])('at %s, %s is reached: %s', (cursor, wanted, expected) => {
  expect(reached(cursor, wanted)).toBe(expected)
})

test('the lowest is what all have reached, log by log', () => {
  expect(lowest([])).toBe(start)
  expect(lowest(['5', '3'])).toBe('3')
  expect(lowest(['5.1', '3.2', '4.9'])).toBe('3.1')
  expect(lowest(['5', '3.2'])).toBe('3.0')
})

test('a position is one sequence per log', () => {
  expect(sequencesIn('3.0.9')).toEqual([3, 0, 9])
  expect(positionAt([3, 0, 9])).toBe('3.0.9')
  expect(positionAt([])).toBe(start)
})

test('a client’s string is a position or it isn’t', () => {
  for (const good of ['0', '17', '3.0.9']) expect(isPosition(good)).toBe(true)
  for (const bad of ['', '-1', '1.', '1e3', '9007199254740992', 'x', '1,2']) expect(isPosition(bad)).toBe(false)
})
