import type { Message, RecordMetadata } from 'kafkajs'
import type { Logger } from '../../projections/logger.ts'
import type { Publisher } from '../../projections/publisher.ts'
import { nameHash } from '../name-hash.ts'
import { within } from '../within.ts'
import { sendUntilConfirmed } from './confirm.ts'
import type { KafkaSettings } from './connection.ts'
import { farewell } from './farewell.ts'
import { hear } from './heard.ts'
import { portionsOf } from './portions.ts'
import { connectSender, type Sender } from './producer.ts'
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
const longestFarewellMs = 3_000

/**
 * Publishes to the brokers through one producer, one request at a time: so that of each partition's records the first
 * copies are in their order, whatever is sent again. Copies are left out by whoever reads. `begin` connects.
 */
export const kafkaPublisher = (
  options: PublisherOptions,
  begin: typeof connectSender = connectSender,
): KafkaPublisher => {
  const { connection, topic, parts, logger, timeoutMs = 60_000 } = options
  let current: Promise<Sender> | undefined
  let busy = false
  const heard = hear(logger)

  const leave = async (sender = current): Promise<void> => {
    if (sender === undefined) return
    // What was given up may fail late, when another one is in use.
    if (sender === current) current = undefined
    await farewell(longestFarewellMs, async () => (await sender).disconnect())
  }
  const send = async (messages: readonly Message[]): Promise<readonly RecordMetadata[]> => {
    current ??= begin(connection, heard.logger)
    const own = current
    try {
      return await (await own).send(topic, messages)
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
