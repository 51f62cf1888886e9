import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import type { Stretch } from './event-feed.ts'
import { gather } from './gather.ts'

const stretch = (part: number, after: number, ...sequences: readonly number[]): Stretch => ({
  log: 0,
  part,
  after,
  upTo: sequences.at(-1) ?? after,
  events: sequences.map((sequence) => ({ sequence }) as RecordedEvent),
})

/** What one part hands out next. */
const batch = (...sequences: readonly number[]): readonly Stretch[] => [
  stretch(0, (sequences[0] ?? 1) - 1, ...sequences),
]

const sequencesOf = (stretches: readonly Stretch[]): number[] =>
  stretches.flatMap(({ events }) => events.map(({ sequence }) => sequence))

const untilRead = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await nextTurn()
}

test('joins what came while the consumer was busy, up to the limit', async () => {
  let read = 0
  const source = async function* () {
    for (const each of [batch(1, 2), batch(3, 4), batch(5, 6), batch(7)]) {
      read++
      yield each
    }
  }
  const seen: number[][] = []
  for await (const gathered of gather(source(), 4, () => 0)) {
    seen.push(sequencesOf(gathered))
    await untilRead()
    if (seen.length === 1) expect(read).toBe(3)
  }
  expect(seen.flat()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(seen.length).toBeLessThan(4)
})

/** Everything that came before the consumer asked, as it is handed over. */
const gathered = async (...stretches: readonly Stretch[]): Promise<readonly Stretch[]> => {
  const source = async function* () {
    yield [stretch(9, 0, 1)]
    for (const each of stretches) yield [each]
  }
  const seen: (readonly Stretch[])[] = []
  for await (const each of gather(source(), 100, () => 0)) {
    seen.push(each)
    await untilRead()
  }
  expect(seen).toHaveLength(2)
  return seen[1] ?? []
}

test('joins the stretches of each part, and one that goes back does not take its end back', async () => {
  const joined = await gathered(stretch(0, 0, 2, 3), stretch(1, 0, 4), stretch(0, 3, 6), stretch(0, 1, 2))
  expect(joined.map(({ part, after, upTo, events }) => [part, after, upTo, events.length])).toEqual([
    [0, 0, 6, 4],
    [1, 0, 4, 1],
  ])
})

test('does not hide that something is missing between two stretches', async () => {
  const joined = await gathered(stretch(0, 0, 2), stretch(0, 5, 6))
  expect(joined.map(({ after, upTo }) => [after, upTo])).toEqual([
    [0, 2],
    [5, 6],
  ])
})

test('does not hide it behind one that goes back either', async () => {
  const joined = await gathered(stretch(0, 0, 2), stretch(0, 5, 6), stretch(0, 0, 2), stretch(0, 2, 3))
  expect(joined.map(({ after, upTo }) => [after, upTo])).toEqual([
    [0, 2],
    [5, 6],
    [0, 3],
  ])
})

test('keeps the hint of the stretch that came furthest', async () => {
  const joined = await gathered(
    { ...stretch(0, 0, 2), offset: 7 },
    { ...stretch(0, 2, 3), offset: 9 },
    { ...stretch(0, 0, 1), offset: 4 },
  )
  expect(joined).toMatchObject([{ upTo: 3, offset: 9 }])
})

test('rejects as the source does, after what came before', async () => {
  const source = async function* () {
    yield batch(1)
    throw new Error('gone')
  }
  const seen: number[] = []
  const consume = async (): Promise<void> => {
    for await (const gathered of gather(source(), 10, () => 0)) seen.push(...sequencesOf(gathered))
  }
  await expect(consume()).rejects.toThrow('gone')
  expect(seen).toEqual([1])
})

test('closes the source when the consumer stops', async () => {
  let closed = false
  const source = async function* () {
    try {
      for (let sequence = 1; ; sequence++) yield batch(sequence)
    } finally {
      closed = true
    }
  }
  for await (const _ of gather(source(), 2, () => 0)) break
  await untilRead()
  expect(closed).toBe(true)
})

test('lets small batches grow for a while, hands over the first and full ones at once, and what is left at the end', async () => {
  const source = async function* () {
    yield batch(1)
    await untilRead()
    yield batch(2)
    await untilRead()
    yield batch(3)
    await untilRead()
    yield batch(4)
  }
  const seen: number[][] = []
  for await (const gathered of gather(source(), 2, () => 60_000)) seen.push(sequencesOf(gathered))
  expect(seen).toEqual([[1], [2, 3], [4]])
})
