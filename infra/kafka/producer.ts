import { CompressionTypes, type Message, type Producer, type ProducerConfig, type RecordMetadata } from 'kafkajs'
import type { Logger } from '../../projections/logger.ts'
import { type KafkaSettings, kafkaClient } from './connection.ts'

/** One connection to the brokers that sends, as far as a publisher knows it. */
export type Sender = {
  /** Sends once, and says what became of the partitions, though perhaps not of all. */
  send(topic: string, messages: readonly Message[]): Promise<readonly RecordMetadata[]>
  disconnect(): Promise<void>
}

const brokerTimeoutMs = 5_000

/**
 * It is not an idempotent producer, since that one takes records for written which are not: after a time-out it uses a
 * sequence number again.
 */
export const producerConfig: ProducerConfig = {
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
}

/** All replicas that are in sync have to have a record before it is confirmed. */
export const acknowledgement = { acks: -1, timeout: brokerTimeoutMs, compression: CompressionTypes.GZIP } as const

/** Connects to the brokers to send. */
export const connectSender = async (connection: KafkaSettings, logger: Logger): Promise<Sender> => {
  const producer: Producer = kafkaClient(connection, logger).producer(producerConfig)
  await producer.connect()
  return {
    send: (topic, messages) =>
      producer.sendBatch({ ...acknowledgement, topicMessages: [{ topic, messages: [...messages] }] }),
    disconnect: () => producer.disconnect(),
  }
}
