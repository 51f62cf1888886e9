import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import type { FeedBatch } from './event-feed.ts'
import { gather } from './gather.ts'

const batch = (...sequences: readonly number[]): FeedBatch => ({
  events: sequences.map((sequence) => ({ sequence }) as RecordedEvent),
  position: String(sequences.at(-1)),
})

const sequencesOf = ({ events }: FeedBatch): number[] => events.map(({ sequence }) => sequence)

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

test('a batch that goes back does not take the position back', async () => {
  const source = async function* () {
    yield batch(1)
    yield batch(2, 3)
    yield batch(2)
  }
  const positions: string[] = []
  for await (const { position } of gather(source(), 100, () => 0)) {
    positions.push(position)
    await untilRead()
  }
  expect(positions).toEqual(['1', '3'])
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
