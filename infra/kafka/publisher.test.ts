import type { Message, RecordMetadata } from 'kafkajs'
import { expect, test } from 'vitest'
import type { Outgoing } from '../../projections/publisher.ts'
import { acknowledgement, producerConfig, type Sender } from './producer.ts'
import { type KafkaPublisher, kafkaPublisher } from './publisher.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const connection = { brokers: ['127.0.0.1:1'], clientId: 'test' }
const kept = (...partitions: readonly number[]): RecordMetadata[] =>
  partitions.map((partition) => ({ topicName: 'events', partition, errorCode: 0 }))
const watermarks = (...parts: readonly number[]): Outgoing[] =>
  parts.map((part) => ({ log: 0, part, after: 0, upTo: 7 }))

type Answer = readonly RecordMetadata[] | Error | Promise<readonly RecordMetadata[]>

/** A publisher to brokers that answer each send in turn, the partitions of each send, and how many connections it made. */
const publisherTo = (...answers: readonly Answer[]) => {
  const sent: (number | undefined)[][] = []
  let [connections, disconnected] = [0, 0]
  const sender: Sender = {
    send: async (_, messages: readonly Message[]) => {
      const answer = answers[sent.length] ?? []
      sent.push(messages.map(({ partition }) => partition))
      if (answer instanceof Error) throw answer
      return answer
    },
    disconnect: async () => void disconnected++,
  }
  const publisher: KafkaPublisher = kafkaPublisher(
    { connection, topic: 'events', parts: 3, logger: quiet },
    async () => {
      connections++
      return sender
    },
  )
  return { publisher, sent, counts: () => [connections, disconnected] }
}

test('what brokers have not confirmed is sent again before it counts as published', async () => {
  const { publisher, sent } = publisherTo(kept(0, 2), [], kept(1))
  await publisher.publish(watermarks(0, 1, 2))
  expect(sent).toEqual([[0, 1, 2], [1], [1]])
})

test('after a failure it sends all of it again, over another connection', async () => {
  const { publisher, sent, counts } = publisherTo(new Error('no leader'), kept(0, 1))
  await publisher.publish(watermarks(0, 1))
  expect(sent).toEqual([
    [0, 1],
    [0, 1],
  ])
  expect(counts()).toEqual([2, 1])
})

test('nothing else is sent before the brokers have answered, so that records stay in their order', async () => {
  let answer: (kept: readonly RecordMetadata[]) => void = () => undefined
  const { publisher, sent } = publisherTo(new Promise((resolve) => (answer = resolve)), kept(0))
  const first = publisher.publish(watermarks(0, 1))
  await expect(publisher.publish(watermarks(0))).rejects.toThrow('being published already')
  expect(sent).toEqual([[0, 1]])
  answer(kept(0, 1))
  await first
  await publisher.publish(watermarks(0))
  expect(sent).toEqual([[0, 1], [0]])
})

test('its producer numbers nothing, waits for all replicas, and leaves trying again to who looks at what was confirmed', () => {
  expect(producerConfig).toMatchObject({ idempotent: false, allowAutoTopicCreation: false, retry: { retries: 1 } })
  expect(producerConfig).not.toHaveProperty('transactionalId')
  expect(acknowledgement).toMatchObject({ acks: -1 })
})
