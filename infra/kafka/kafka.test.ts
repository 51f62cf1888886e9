import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { Outgoing } from '../../projections/publisher.ts'
import { expectModelsOfParts } from '../../projections/testing/expect-models.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runFeed } from '../../projections/testing/run-to-head.ts'
import { startTestReadModels, type TestReadModels } from '../../projections/testing/test-read-models.ts'
import { kafkaFeed } from './feed.ts'
import { kafkaPublisher, type KafkaPublisher, partOf } from './publisher.ts'
import { type Brokers, openBrokers } from './testing/brokers.ts'
import { kafkaAvailable } from './testing/kafka-jars.ts'
import { removeAll } from './testing/removal.ts'
import { runningKafka } from './testing/running-kafka.ts'
import { ensureTopic, UnfitTopic } from './topic.ts'

const parts = 7
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const merchants = ['1042', '7', '13', 'shop_a']

/** What a relay sends of a log: each event, and for every part a watermark at the end. */
const outgoing = (events: readonly RecordedEvent[]): readonly Outgoing[] => {
  const ends = Array.from({ length: parts }, () => 0)
  const records = events.map((event): Outgoing => {
    const part = partOf(event.stream, parts)
    const after = ends[part] ?? 0
    ends[part] = event.sequence
    return { log: 0, part, after, upTo: event.sequence, event }
  })
  const last = events.at(-1)?.sequence ?? 0
  return [...records, ...ends.map((after, part): Outgoing => ({ log: 0, part, after, upTo: last }))]
}

describe.skipIf(!(runningKafka() || (await kafkaAvailable())))('Kafka', () => {
  let brokers: Brokers
  let models: TestReadModels
  const topics: string[] = []
  const groups: string[] = []

  beforeAll(async () => {
    brokers = await openBrokers(1)
    models = await startTestReadModels(3)
  }, 180_000)
  afterAll(async () => {
    await models.stop()
    await removeAll(brokers, topics, groups)
    await brokers.stopAll()
  }, 240_000)

  const makeTopic = async (): Promise<string> => {
    const topic = `test-${randomBytes(6).toString('hex')}`
    topics.push(topic)
    await ensureTopic(
      brokers.connection,
      { topic, partitions: parts, replicationFactor: 1, retentionMs: 60_000_000 },
      quiet,
    )
    return topic
  }
  const publish = async (topic: string, records: readonly Outgoing[]): Promise<void> => {
    const publisher: KafkaPublisher = kafkaPublisher({ connection: brokers.connection, topic, parts, logger: quiet })
    try {
      for (let first = 0; first < records.length; first += 300)
        await publisher.publish(records.slice(first, first + 300))
    } finally {
      await publisher.close()
    }
  }
  /** Projects the topic from nothing; how many holes were filled from the log. */
  const project = async (topic: string, log: readonly RecordedEvent[]): Promise<number> => {
    await models.empty()
    const group = `test-${randomBytes(6).toString('hex')}`
    groups.push(group)
    const options = {
      connection: brokers.connection,
      topic,
      parts,
      groupId: group,
      logger: quiet,
      onTrouble: () => undefined,
    }
    const feed = kafkaFeed({ ...options, logs: [memoryLog(log)] })
    const holes = await runFeed(models.server, feed, String(log.length))
    await expectModelsOfParts(models.server, log)
    return holes
  }

  test('what a relay publishes gives the read models that a fold gives', async () => {
    const topic = await makeTopic()
    const log = randomLog(51, 1_500, merchants)
    await publish(topic, outgoing(log))
    expect(await project(topic, log)).toBe(0)
  }, 120_000)

  test('also when it was published again, and when records are missing', async () => {
    const topic = await makeTopic()
    const log = randomLog(52, 1_500, merchants)
    const records = outgoing(log)
    const lost = records.filter((record, index) => record.event === undefined || index % 5 !== 2)
    await publish(topic, lost.slice(0, lost.length >> 1))
    await publish(topic, lost)
    expect(await project(topic, log)).toBeGreaterThan(0)
  }, 120_000)

  test('a topic of too few partitions is refused', async () => {
    const topic = await makeTopic()
    const wanted = { topic, partitions: parts + 1, replicationFactor: 1, retentionMs: 60_000_000 }
    await expect(ensureTopic(brokers.connection, wanted, quiet)).rejects.toThrow(UnfitTopic)
  })
})
