import type { EventFeed, Stretch } from '../../projections/event-feed.ts'
import type { LogReader } from '../../projections/log-reader.ts'
import { rereadsOf } from '../../projections/reread.ts'
import { type ConsumerOptions, type Patience, startConsumer } from './consumer.ts'
import { handoff } from './handoff.ts'
import { partOf } from './publisher.ts'

export type KafkaFeedOptions = Omit<ConsumerOptions, 'patience'> & {
  /** The logs whose events are in the topic, in their order. */
  readonly logs: readonly Pick<LogReader, 'readAll'>[]
  readonly patience?: Partial<Patience>
}

/** Records that wait for the projector at most, but for one batch. */
const queued = 4_000
const usual: Patience = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 8_000, silenceMs: 60_000 }

/**
 * What a relay has published, to the consumers of a group: each gets some of the partitions, others when consumers come
 * and go. Where they have been seen is asked each time; what the group's own offsets say is for tools only.
 */
export const kafkaFeed = (options: KafkaFeedOptions): EventFeed => {
  const { logs, parts } = options
  return {
    parts,
    logs: logs.length,
    async *subscribe(seen, signal) {
      if (signal.aborted) return
      const queue = handoff<readonly Stretch[]>(queued)
      const end = (): void => queue.end()
      signal.addEventListener('abort', end)
      const leave = startConsumer({ ...options, patience: { ...usual, ...options.patience } }, seen, queue)
      try {
        yield* queue.items()
      } finally {
        signal.removeEventListener('abort', end)
        await leave()
      }
    },
    ...rereadsOf(logs, parts, (stream) => partOf(stream, parts)),
  }
}
