import { expect, test } from 'vitest'
import { createDeadlines } from './deadlines.ts'
import { until } from './testing/until.ts'

test('deadlines of the same moment: those that are not met are missed, and the signal says so', async () => {
  const missed: string[] = []
  const deadline = createDeadlines(20)
  const first = deadline(() => missed.push('first'))
  const second = deadline(() => missed.push('second'))
  const third = deadline(() => missed.push('third'))
  second.met()
  expect([first.signal.aborted, third.signal.aborted, missed]).toEqual([false, false, []])
  await until(() => first.signal.aborted && third.signal.aborted)
  expect(missed).toEqual(['first', 'third'])
})

test('a moment whose deadlines are all met is over, and the next deadline counts from its own beginning', async () => {
  let missed = 0
  const deadline = createDeadlines(20)
  const met = deadline(() => missed++)
  met.met()
  const next = deadline(() => missed++)
  await until(() => next.signal.aborted)
  expect([missed, met.signal.aborted]).toEqual([1, false])
})
