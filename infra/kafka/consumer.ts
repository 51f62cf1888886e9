import { setTimeout as sleep } from 'node:timers/promises'
import type { Batch, ConsumerConfig, EachBatchPayload } from 'kafkajs'
import type { SeenPart, Stretch } from '../../projections/event-feed.ts'
import type { Logger } from '../../projections/logger.ts'
import { type KafkaSettings, kafkaClient, patience } from './connection.ts'
import { farewell } from './farewell.ts'
import type { Handoff } from './handoff.ts'
import { hear } from './heard.ts'
import { followOffsets, placesToSeek } from './offsets.ts'
import { recordOf, UnreadableRecord } from './record.ts'
import { type Placed, stretchesOf } from './stretches.ts'

/** How long the group waits for a consumer, in milliseconds: how soon another one takes over what a lost one had. */
export type Patience = {
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  /** Without any sign of life from the group's coordinator for so long the consumer gives up. */
  readonly silenceMs: number
}

export type ConsumerOptions = {
  readonly connection: KafkaSettings
  readonly topic: string
  /** How many partitions are used, from 0; a topic may have more. */
  readonly parts: number
  readonly groupId: string
  readonly logger: Logger
  readonly patience: Patience
  /** Hears of records that cannot be read and offsets that are gone; what they held is then missing from the stretches. */
  readonly onTrouble: (error: Error) => void
}

/** What came with the offset that was to be read next is not in the topic any more. */
export class OffsetGone extends Error {
  override name = 'OffsetGone'
}

const longestFarewellMs = 5_000
const heartbeatIntervalMs = 500
const commitIntervalMs = 5_000

/** How a consumer is told to read; all of it, since it takes no `retry` from its client. */
export const consumerConfig = ({
  groupId,
  patience: waits,
}: Pick<ConsumerOptions, 'groupId' | 'patience'>): ConsumerConfig => ({
  groupId,
  sessionTimeout: waits.sessionTimeoutMs,
  rebalanceTimeout: waits.rebalanceTimeoutMs,
  heartbeatInterval: Math.min(heartbeatIntervalMs, Math.floor(waits.sessionTimeoutMs / 4)),
  maxWaitTimeInMs: 100,
  metadataMaxAge: 10_000,
  // No heartbeat is sent while an answer is unpacked. Where records came one by one, these are some thousand batches.
  maxBytesPerPartition: 64 * 1_024,
  maxBytes: 384 * 1_024,
  allowAutoTopicCreation: false,
  // After a crash the subscription ends, and whoever has it makes another.
  retry: { ...patience, restartOnFailure: async () => false },
})

/** The records of a batch. One that cannot be read is told of and left out; it is seen as missing by what follows it. */
const readable = ({ topic, parts, onTrouble }: ConsumerOptions, batch: Batch): readonly Placed[] =>
  batch.messages.flatMap((message): readonly Placed[] => {
    try {
      return [{ record: recordOf(message, topic, batch.partition, parts), next: Number(message.offset) + 1 }]
    } catch (error) {
      if (!(error instanceof UnreadableRecord)) throw error
      onTrouble(error)
      return []
    }
  })

/**
 * Joins the group and puts what its partitions bring into `queue`, from where `seen` says, until the queue has ended.
 * Gives what leaves the group, within seconds. Where nothing can go on, the queue ends with the error.
 */
export const startConsumer = (
  options: ConsumerOptions,
  seen: () => Promise<readonly SeenPart[]>,
  queue: Handoff<readonly Stretch[]>,
): (() => Promise<void>) => {
  const { topic, parts, groupId, onTrouble } = options
  const heard = hear(options.logger)
  const consumer = kafkaClient(options.connection, heard.logger).consumer(consumerConfig(options))
  const offsets = followOffsets()
  const uncommitted = new Map<number, number>()
  let generation = 0
  let lastSignAt = performance.now()
  let lastCommitAt = performance.now()

  const fail = (error: unknown): void => queue.end(error instanceof Error ? error : new Error(String(error)))

  /** Reads the partitions that it was given from where they have been seen. Nothing is read before that is known. */
  const begin = async (assigned: readonly number[]): Promise<void> => {
    const own = ++generation
    offsets.pause()
    uncommitted.clear()
    consumer.pause([{ topic, partitions: [...assigned] }])
    const used = assigned.filter((part) => part < parts)
    const places = placesToSeek(await seen(), used)
    if (own !== generation || queue.ended) return
    offsets.begin(places)
    for (const [partition, offset] of places) consumer.seek({ topic, partition, offset: String(offset) })
    consumer.resume([{ topic, partitions: used }])
  }

  /** For tools that show how far a group is; nothing is ever read from there. */
  const commitNowAndThen = async ({ commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> => {
    if (performance.now() - lastCommitAt < commitIntervalMs) return
    lastCommitAt = performance.now()
    const partitions = [...uncommitted].map(([partition, next]) => ({ partition, offset: String(next) }))
    uncommitted.clear()
    // Where it fails for a reason that matters, the next heartbeat fails too.
    await commitOffsetsIfNecessary({ topics: [{ topic, partitions }] }).catch(() => undefined)
  }

  const take = async (payload: EachBatchPayload): Promise<void> => {
    const { batch, heartbeat, resolveOffset } = payload
    const { partition } = batch
    const [first] = batch.messages
    const last = batch.messages.at(-1)
    if (first === undefined || last === undefined) return
    const arrived = offsets.arrived(partition, Number(first.offset))
    if (arrived.type === 'old') return
    if (arrived.type === 'gone')
      onTrouble(
        new OffsetGone(
          `offset ${arrived.expected} of partition ${partition} of ${topic} is gone: reading goes on at ${first.offset}`,
        ),
      )
    const own = generation
    const stretches = stretchesOf(readable(options, batch))
    while (queue.isFull()) {
      await Promise.race([queue.taken(), sleep(heartbeatIntervalMs)])
      await heartbeat()
    }
    // Given anew meanwhile, it is read from where it has been seen.
    if (queue.ended || own !== generation) return
    if (stretches.length > 0) queue.put(stretches, Math.max(1, batch.messages.length))
    const next = Number(last.offset) + 1
    offsets.went(partition, next)
    resolveOffset(last.offset)
    uncommitted.set(partition, next)
    await commitNowAndThen(payload)
  }

  const sign = (): void => {
    lastSignAt = performance.now()
    heard.forget()
  }
  consumer.on(consumer.events.HEARTBEAT, sign)
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    sign()
    begin(payload.memberAssignment[topic] ?? []).catch(fail)
  })
  consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error))
  const watch = setInterval(() => {
    const silentMs = performance.now() - lastSignAt
    if (silentMs > options.patience.silenceMs)
      fail(heard.unavailable(`the coordinator of the group ${groupId} was silent for ${Math.round(silentMs)} ms`))
  }, 1_000)

  const started = (async (): Promise<void> => {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: take })
  })()
  started.catch(fail)

  return async () => {
    queue.end()
    clearInterval(watch)
    // One that is told to leave while it joins would be a member afterwards, for ever and without anybody knowing.
    const leave = async (): Promise<void> => {
      await started.catch(() => undefined)
      await consumer.disconnect()
    }
    await farewell(longestFarewellMs, leave)
  }
}
