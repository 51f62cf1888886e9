import { expect, test } from 'vitest'
import { discardedText, parkedText } from './parked-text.ts'

const ask = (projection: string) => `\`daybook parked ${projection}\` shows which and why`

test('what is parked and what is discarded is said apart, with what to ask', () => {
  const total = { projection: 'payments', parked: 1, discarded: 2 }
  const what = 'so the rows are not what the log gives and are compared up to there only'
  expect(parkedText(total)).toBe(`1 stream is parked, ${what}; ${ask('payments')}`)
  expect(discardedText(total)).toBe(`2 streams are discarded by an operator, ${what}; ${ask('payments')}`)
})

test('nothing is said of none', () => {
  const none = { projection: 'payments', parked: 0, discarded: 0 }
  expect([parkedText(none), discardedText(none)]).toEqual([undefined, undefined])
})

test.each(['journal', 'periods'])('what %s has parked may leave sums out', (projection) => {
  expect(parkedText({ projection, parked: 3, discarded: 0 })).toContain(
    'sums in their shards not at all unless journal and periods have parked the same',
  )
})
