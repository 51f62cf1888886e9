import { CompressionTypes, type Message, type Producer, type RecordMetadata } from 'kafkajs'
import type { Logger } from '../../projections/logger.ts'
import type { Publisher } from '../../projections/publisher.ts'
import { nameHash } from '../name-hash.ts'
import { within } from '../within.ts'
import { sendUntilConfirmed } from './confirm.ts'
import { type KafkaSettings, kafkaClient } from './connection.ts'
import { farewell } from './farewell.ts'
import { hear } from './heard.ts'
import { portionsOf } from './portions.ts'
import { messageOf } from './record.ts'

export type PublisherOptions = {
  readonly connection: KafkaSettings
  readonly topic: string
  /** How many partitions of the topic are used. */
  readonly parts: number
  readonly logger: Logger
  /** How long a call may take; 60,000 when absent. It takes longer than the election of a leader. */
  readonly timeoutMs?: number
}

export type KafkaPublisher = Publisher & { close(): Promise<void> }

/** The partition that all events of a stream are in. */
export const partOf = (stream: string, parts: number): number => nameHash(stream) % parts

/** Brokers refuse a megabyte of a partition at once. */
const portionBytes = 512 * 1_024
const brokerTimeoutMs = 5_000
const longestFarewellMs = 3_000

/**
 * Publishes to the brokers through one producer, one request at a time: so that of each partition's records the first
 * copies are in their order, whatever is sent again. It is not an idempotent producer, since that one takes records for
 * written which are not; copies are left out by whoever reads.
 */
export const kafkaPublisher = (options: PublisherOptions): KafkaPublisher => {
  const { connection, topic, parts, logger, timeoutMs = 60_000 } = options
  let current: Promise<Producer> | undefined
  let busy = false
  const heard = hear(logger)

  const begin = async (): Promise<Producer> => {
    const producer = kafkaClient(connection, heard.logger).producer({
      allowAutoTopicCreation: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? 0,
      idempotent: false,
      metadataMaxAge: 10_000,
      // A silent leader costs a request's whole time for each try; another producer, which asks who leads now, costs little.
      // What is confirmed is looked at after each.
      retry: { retries: 1, initialRetryTime: 100, maxRetryTime: 1_000 },
    })
    await producer.connect()
    return producer
  }
  const leave = async (producer = current): Promise<void> => {
    if (producer === undefined) return
    // What was given up may fail late, when another one is in use.
    if (producer === current) current = undefined
    await farewell(longestFarewellMs, async () => (await producer).disconnect())
  }
  const send = async (messages: readonly Message[]): Promise<readonly RecordMetadata[]> => {
    current ??= begin()
    const own = current
    try {
      const producer = await own
      const batch = { acks: -1, timeout: brokerTimeoutMs, compression: CompressionTypes.GZIP }
      return await producer.sendBatch({ ...batch, topicMessages: [{ topic, messages: [...messages] }] })
    } catch (error) {
      // Another one knows nothing of what this one believes of the brokers.
      await leave(own)
      throw error
    }
  }
  const onAgain = (partitions: readonly number[], cause: unknown): void => {
    logger.warn({ topic, partitions: partitions.length, err: cause }, 'records were not confirmed and are sent again')
  }

  return {
    parts,
    partOf: (stream) => partOf(stream, parts),
    publish: async (records) => {
      if (busy) throw new Error('records are being published already, and those of a partition have an order')
      busy = true
      heard.forget()
      const deadline = performance.now() + timeoutMs
      const publish = async (): Promise<void> => {
        const messages = records.map((record) => messageOf(record, parts))
        for (const portion of portionsOf(messages, portionBytes)) {
          // Whoever has given this up may have called again.
          if (performance.now() > deadline) return
          await sendUntilConfirmed(send, portion, deadline, onAgain)
        }
      }
      try {
        await within(timeoutMs, publish, () => heard.unavailable(`Kafka was silent for ${timeoutMs} ms`))
      } catch (error) {
        await leave()
        throw error
      } finally {
        busy = false
      }
    },
    close: () => leave(),
  }
}
