import { randomBytes } from 'node:crypto'
import type { Admin, Consumer, EachBatchPayload } from 'kafkajs'
import type { Logger } from '../../projections/logger.ts'
import type { Offsets, TopicReader, TopicRecord } from '../../reconciliation/topic/topic-reader.ts'
import { within } from '../within.ts'
import { type KafkaSettings, kafkaClient, patience } from './connection.ts'
import { farewell } from './farewell.ts'
import { hear } from './heard.ts'
import { partOf } from './publisher.ts'
import { hashOfEvent, topicRecordsIn } from './topic-record.ts'

export type TopicReaderOptions = {
  readonly connection: KafkaSettings
  readonly topic: string
  readonly parts: number
  /** Begins the name of a group that is there for as long as the reader is. */
  readonly groupId: string
  readonly logger: Logger
}

/** What is read at once, and what has come of it. */
type Job = {
  readonly ends: ReadonlyMap<number, number>
  readonly next: Map<number, number>
  readonly open: Set<number>
  readonly records: TopicRecord[]
  readonly isBeyond: (record: TopicRecord) => boolean
  readonly limit: number
  readonly done: () => void
}

const callMs = 60_000
const farewellMs = 5_000

/**
 * Reads a topic by the side of its consumers, through a group that nobody else is in, commits nothing, and so is gone when
 * this reader is. It connects when it is first asked, and anew after whatever went wrong.
 */
export const kafkaTopicReader = (options: TopicReaderOptions): TopicReader & { close(): Promise<void> } => {
  const { connection, topic, parts, groupId } = options
  const heard = hear(options.logger)
  let admin: Promise<Admin> | undefined
  let consumer: Promise<Consumer> | undefined
  let job: Job | undefined
  let fail: (error: Error) => void = () => undefined

  const take = async (own: Consumer, { batch, resolveOffset }: EachBatchPayload): Promise<void> => {
    const current = job
    const { partition } = batch
    const first = batch.messages[0]
    if (current === undefined || first === undefined || !current.open.has(partition)) return
    const expected = current.next.get(partition) ?? 0
    // It was asked for before the place was changed; what is read again afterwards comes from there.
    if (Number(first.offset) > expected && batch.firstOffset() !== String(expected)) {
      const { low } = (await ends()).get(partition) ?? { low: 0 }
      if (Number(first.offset) > Math.max(expected, low))
        return own.seek({ topic, partition, offset: String(expected) })
    }
    let isDone = false
    for (const message of batch.messages) {
      const offset = Number(message.offset)
      if (offset < expected) continue
      const found = topicRecordsIn(message, topic, partition, parts)
      if (offset >= (current.ends.get(partition) ?? 0) || found.some(current.isBeyond)) {
        isDone = true
        break
      }
      current.records.push(...found)
      current.next.set(partition, offset + 1)
      resolveOffset(message.offset)
    }
    if (isDone || (current.next.get(partition) ?? 0) >= (current.ends.get(partition) ?? 0))
      close(own, current, partition)
    if (current.records.length >= current.limit) for (const each of current.open) close(own, current, each)
  }

  const close = (own: Consumer, current: Job, partition: number): void => {
    current.open.delete(partition)
    own.pause([{ topic, partitions: [partition] }])
    if (current.open.size === 0) current.done()
  }

  const begin = async (): Promise<Consumer> => {
    const own = kafkaClient(connection, heard.logger).consumer({
      groupId: `${groupId}-${randomBytes(6).toString('hex')}`,
      sessionTimeout: 30_000,
      rebalanceTimeout: 30_000,
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 100,
      maxBytesPerPartition: 256 * 1_024,
      allowAutoTopicCreation: false,
      retry: { ...patience, restartOnFailure: async () => false },
    })
    const joined = new Promise<void>((resolve, reject) => {
      fail = reject
      own.on(own.events.GROUP_JOIN, ({ payload }) => {
        own.pause([{ topic, partitions: [...(payload.memberAssignment[topic] ?? [])] }])
        resolve()
      })
      own.on(own.events.CRASH, ({ payload }) => {
        consumer = undefined
        fail(payload.error)
      })
    })
    await own.connect()
    await own.subscribe({ topics: [topic], fromBeginning: true })
    await own.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: (payload) => take(own, payload) })
    await joined
    return own
  }

  const ask = async <T>(question: (admin: Admin) => Promise<T>): Promise<T> => {
    admin ??= (async () => {
      const own = kafkaClient(connection, heard.logger).admin()
      await own.connect()
      return own
    })()
    const own = admin
    try {
      return await within(
        callMs,
        async () => question(await own),
        () => heard.unavailable('Kafka was silent'),
      )
    } catch (error) {
      if (admin === own) admin = undefined
      void own.then((each) => each.disconnect()).catch(() => undefined)
      throw error
    }
  }

  const ends = async (): Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>> => {
    const offsets = await ask((each) => each.fetchTopicOffsets(topic))
    return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]))
  }

  const forget = async (): Promise<void> => {
    const own = consumer
    consumer = undefined
    if (own !== undefined) await farewell(farewellMs, async () => (await own).disconnect())
  }

  const readTo = async (
    from: Offsets,
    isBeyond: (record: TopicRecord) => boolean,
    limit: number,
  ): Promise<{ records: readonly TopicRecord[]; next: Offsets; isEnd: boolean }> => {
    consumer ??= begin()
    const own = await consumer
    const there = await ends()
    const highs = new Map([...there].map(([part, { high }]) => [part, high]))
    const next = new Map(
      Array.from({ length: parts }, (_, part) => {
        const { low = 0, high = 0 } = there.get(part) ?? {}
        return [part, Math.min(high, Math.max(low, from.get(part) ?? low))] as const
      }),
    )
    const open = new Set([...next].flatMap(([part, offset]) => (offset < (highs.get(part) ?? 0) ? [part] : [])))
    const records: TopicRecord[] = []
    if (open.size > 0) {
      await new Promise<void>((resolve, reject) => {
        fail = reject
        job = { ends: highs, next, open, records, isBeyond, limit, done: resolve }
        for (const partition of open) own.seek({ topic, partition, offset: String(next.get(partition)) })
        own.resume([{ topic, partitions: [...open] }])
      }).finally(() => {
        job = undefined
      })
    }
    const isEnd = [...next].every(([part, offset]) => offset >= (highs.get(part) ?? 0))
    return { records, next, isEnd }
  }

  let turn: Promise<unknown> = Promise.resolve()
  return {
    parts,
    partOf: (stream) => partOf(stream, parts),
    hashOf: hashOfEvent,
    ends,
    offsetsAt: async (timeMs) => {
      const there = await ends()
      if (timeMs <= 0) return new Map([...there].map(([part, { low }]) => [part, low]))
      const found = await ask((each) => each.fetchTopicOffsetsByTimestamp(topic, timeMs))
      return new Map(
        found.map(({ partition, offset }) => {
          const at = Number(offset)
          return [partition, at < 0 ? (there.get(partition)?.high ?? 0) : at] as const
        }),
      )
    },
    read: (from, isBeyond, limit) => {
      const work = turn.then(() =>
        within(
          callMs,
          () => readTo(from, isBeyond, limit),
          () => heard.unavailable('Kafka was silent'),
        ).catch(async (error: unknown) => {
          await forget()
          throw error
        }),
      )
      turn = work.catch(() => undefined)
      return work
    },
    close: async () => {
      await forget()
      const own = admin
      if (own !== undefined) await farewell(farewellMs, async () => (await own).disconnect())
    },
  }
}
