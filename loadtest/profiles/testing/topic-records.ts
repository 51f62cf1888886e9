import { randomBytes } from 'node:crypto'
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs'
import { settings } from './shop.ts'

/** A record of the topic, and where it stands. */
export type Standing = { readonly partition: number; readonly message: KafkaMessage }

const topic = 'daybook.events'
const client = (): Kafka =>
  new Kafka({ brokers: (settings['KAFKA_BROKERS'] ?? '').split(','), logLevel: logLevel.NOTHING })

/** All that the topic has by now, read past Daybook's own code. */
export const topicRecords = async (): Promise<readonly Standing[]> => {
  const kafka = client()
  const groupId = `reader-${randomBytes(6).toString('hex')}`
  const [admin, consumer] = [kafka.admin(), kafka.consumer({ groupId })]
  await Promise.all([admin.connect(), consumer.connect()])
  try {
    const offsets = await admin.fetchTopicOffsets(topic)
    const ends = new Map(offsets.map(({ partition, high }) => [partition, Number(high)]))
    const open = new Set(offsets.flatMap(({ partition, low, high }) => (low === high ? [] : [partition])))
    const found: Standing[] = []
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      const eachMessage = async ({ partition, message }: Standing): Promise<void> => {
        found.push({ partition, message })
        if (Number(message.offset) + 1 >= (ends.get(partition) ?? 0)) open.delete(partition)
        if (open.size === 0) resolve()
      }
      void consumer.run({ eachMessage }).catch(reject)
    })
    return found
  } finally {
    await Promise.all([admin.disconnect(), consumer.disconnect()])
  }
}

/** Puts a record there once more, with the value that is given. */
export const putRecord = async (
  { partition, message: { key, headers } }: Standing,
  value: Buffer | null,
): Promise<void> => {
  const producer = client().producer()
  await producer.connect()
  try {
    await producer.send({ topic, messages: [{ partition, key, value, headers: headers ?? {} }] })
  } finally {
    await producer.disconnect()
  }
}
