import { expect, test } from 'vitest'
import { secondsOf } from './duration.ts'

test.each([
  ['90s', 90],
  ['15m', 900],
  ['1h', 3_600],
  ['30d', 2_592_000],
])('%s is %i seconds', (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds)
})

test.each(['', '1', 'h', '0s', '-1h', '1.5h', '1w', '1h30m', ' 1h'])('“%s” is no duration', (text) => {
  expect(() => secondsOf(text)).toThrow(`“${text}” is no duration: use 90s, 15m, 1h, 30d`)
})
