import { setTimeout as sleep } from 'node:timers/promises'
import type { Message, RecordMetadata } from 'kafkajs'
import { KafkaUnavailable } from './unavailable.ts'

/** Messages by the partition that they go to, in their order. */
export type ByPartition = ReadonlyMap<number, readonly Message[]>

/** Sends messages once, as a producer does, and says what became of each partition. */
export type Send = (messages: readonly Message[]) => Promise<readonly (RecordMetadata | null)[]>

const firstPauseMs = 100
const longestPauseMs = 1_000

/** The partitions that a broker says it has kept. What an answer does not mention was perhaps never sent. */
const confirmedBy = (answer: readonly (RecordMetadata | null)[]): ReadonlySet<number> => {
  const refused = new Set(answer.flatMap((each) => (each !== null && each.errorCode !== 0 ? [each.partition] : [])))
  return new Set(answer.flatMap((each) => (each === null || refused.has(each.partition) ? [] : [each.partition])))
}

/**
 * Sends until each partition's messages are confirmed, all that is not again and again. The producer alone would not do:
 * when a leader moves while it sends to several, it may send nothing to the new one and report success. Rejects with
 * `KafkaUnavailable` after `deadline` (as `performance.now` counts).
 */
export const sendUntilConfirmed = async (
  send: Send,
  messages: ByPartition,
  deadline: number,
  onAgain: (partitions: readonly number[], cause: unknown) => void,
): Promise<void> => {
  const open = new Map(messages)
  let pauseMs = firstPauseMs
  for (;;) {
    let cause: unknown
    try {
      for (const partition of confirmedBy(await send([...open.values()].flat()))) open.delete(partition)
    } catch (error) {
      cause = error
    }
    if (open.size === 0) return
    if (performance.now() + pauseMs > deadline)
      throw new KafkaUnavailable(`Kafka has not confirmed the records of ${open.size} partitions`, { cause })
    onAgain([...open.keys()], cause)
    await sleep(pauseMs)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
}
