import { expect, test } from 'vitest'
import { positionOf, sequenceIn } from '../domain/position.ts'
import { someEvent } from './contracts/some-events.ts'
import { logLag } from './log-lag.ts'

const begin = Date.parse('2026-01-01T00:00:00.000Z')
const now = (): Date => new Date(begin + 60_000)

/** A log whose sequences are `step` apart, with an event each second. */
const someLog = (log: number, events: number, step: number) => {
  const all = Array.from({ length: events }, (_, n) => ({
    ...someEvent(),
    stream: 'payment-pay_1',
    revision: n,
    log,
    sequence: (n + 1) * step,
    recordedAt: new Date(begin + n * 1_000).toISOString(),
  }))
  return {
    head: async () => positionOf({ log, sequence: events * step }),
    readAll: async (from: string, limit: number) => {
      const page = all.filter(({ sequence }) => sequence > sequenceIn(from, log)).slice(0, limit)
      return { events: page, position: positionOf({ log, sequence: page.at(-1)?.sequence ?? 0 }) }
    },
  }
}

test.each([
  { name: 'who has seen all is not behind', events: 30, seen: 30, lag: { events: 0, seconds: 0 } },
  { name: 'a few events are counted', events: 30, seen: 25, lag: { events: 5, seconds: 35 } },
  { name: 'many are counted where sequences are', events: 50, seen: 0, lag: { events: 50, seconds: 60 } },
  { name: 'and estimated where they are places', events: 50, seen: 0, step: 812, lag: { events: 50, seconds: 60 } },
  { name: 'who has seen more than the head is not behind', events: 3, seen: 4, lag: { events: 0, seconds: 0 } },
])('$name', async ({ events, seen, step = 1, lag }) => {
  const lagOf = logLag([someLog(0, events, step)], now)
  expect(await lagOf(positionOf({ log: 0, sequence: seen * step }))).toEqual(lag)
})

test('of several logs the events add up, and the oldest event decides', async () => {
  const lagOf = logLag([someLog(0, 10, 1), someLog(1, 30, 100)], now)
  expect(await lagOf('4.2000')).toEqual({ events: 6 + 10, seconds: 56 })
})
