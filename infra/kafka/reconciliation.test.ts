import { randomBytes } from 'node:crypto'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import type { Difference } from '../../reconciliation/difference.ts'
import { isSame } from '../../reconciliation/digest.ts'
import type { Place } from '../../reconciliation/place.ts'
import { readPage } from '../../reconciliation/read-page.ts'
import { topicPlace } from '../../reconciliation/topic/topic-place.ts'
import { accessOf } from './connection.ts'
import { kafkaPublisher, type KafkaPublisher } from './publisher.ts'
import { messageOf } from './record.ts'
import { type Brokers, openBrokers } from './testing/brokers.ts'
import { kafkaAvailable } from './testing/kafka-jars.ts'
import { relayed } from './testing/relayed.ts'
import { removeAll } from './testing/removal.ts'
import { runningKafka } from './testing/running-kafka.ts'
import { kafkaTopicReader } from './topic-reader.ts'
import { ensureTopic } from './topic.ts'

const parts = 3
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const log = randomLog(9, 5_000, ['1042', '7'])
const streams = new Map<string, RecordedEvent[]>()
for (const event of log) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event])
const reader = memoryLog(log)
const head = log.length
/** One that the relay does not send, and says that it has. */
const lost = log[1_233] as RecordedEvent
const tampered = log[2_000] as RecordedEvent
const doubled = log[700] as RecordedEvent

describe.skipIf(!(runningKafka() || (await kafkaAvailable())))('a topic', () => {
  let brokers: Brokers
  let publisher: KafkaPublisher
  let producer: Producer
  let place: Place
  let close: () => Promise<void>
  const topic = `test-${randomBytes(6).toString('hex')}`

  beforeAll(async () => {
    brokers = await openBrokers(1)
    const { connection } = brokers
    await ensureTopic(connection, { topic, partitions: parts, replicationFactor: 1, retentionMs: -1 }, quiet)
    publisher = kafkaPublisher({ connection, topic, parts, logger: quiet })
    const client = new Kafka({ ...accessOf(connection), brokers: [...brokers.brokers], logLevel: logLevel.NOTHING })
    producer = client.producer()
    await producer.connect()
    const topicReader = kafkaTopicReader({ connection, topic, parts, groupId: 'test', logger: quiet })
    close = () => topicReader.close()
    place = topicPlace({
      topic: topicReader,
      streams: { streamFrom: async (name, from) => (streams.get(name) ?? []).slice(from) },
      head: async () => String(head),
      reached: async () => String(head),
      publish: (event) =>
        publisher.publish([
          { log: 0, part: publisher.partOf(event.stream), after: event.sequence - 1, upTo: event.sequence, event },
        ]),
    })
    const relay = relayed(parts)
    for (let first = 0; first < log.length; first += 1_000) {
      const records = relay(log.slice(first, first + 1_000))
      await publisher.publish(records.filter(({ event }) => event?.id !== lost.id))
    }
  }, 180_000)
  afterAll(async () => {
    await close()
    await producer.disconnect()
    await publisher.close()
    await removeAll(brokers, [topic], [])
    await brokers.stopAll()
  }, 120_000)

  const round = async (): Promise<readonly Difference[]> => {
    const found: Difference[] = []
    for (let after = 0; after < head; ) {
      const page = await readPage(reader, 0, after, head)
      const { differences, parts: digests } = await place.compare(page)
      if (differences.length === 0)
        for (const { expected, found: there } of digests) expect(isSame(expected, there)).toBe(true)
      found.push(...differences)
      after = page.upTo
    }
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const piece = await place.strays(after, new Set())
      found.push(...piece.differences)
      after = piece.next
    }
    return found
  }
  const said = (found: readonly Difference[]) => found.map(({ kind, sequence }) => `${kind} ${sequence}`).sort()

  const byHand = async (event: RecordedEvent, change: (value: string) => string = (value) => value): Promise<void> => {
    const { value, ...message } = messageOf(
      { log: 0, part: publisher.partOf(event.stream), after: event.sequence - 1, upTo: event.sequence, event },
      parts,
    )
    await producer.send({ topic, messages: [{ ...message, value: change(String(value)) }] })
  }

  test('lacks what was not sent, and has nothing else that differs', async () => {
    const found = await round()
    expect(said(found)).toEqual([`lost ${lost.sequence}`])
    expect(found[0]).toMatchObject({
      where: 'kafka',
      record: 'event',
      part: `partition ${publisher.partOf(lost.stream)}`,
      stream: lost.stream,
      revision: lost.revision,
    })
  })

  test('what was put there by hand is found: a copy, another one of an event, and one of none', async () => {
    await byHand(doubled)
    await byHand(tampered, (value) => value.replace(tampered.recordedAt, '2020-01-01T00:00:00.000Z'))
    await byHand({ ...doubled, sequence: head + 50, revision: 99 })
    const expected = [
      `ahead ${head + 50}`,
      `altered ${tampered.sequence}`,
      `doubled ${doubled.sequence}`,
      `lost ${lost.sequence}`,
    ]
    expect(said(await round())).toEqual(expected)
  })

  test('a repair sends again what is lacking or was altered, and nothing else', async () => {
    const found = await round()
    for (const difference of found)
      expect(await place.repair(difference, new Set())).toBe(
        /lost|altered/.test(difference.kind) ? 'made' : 'notNeeded',
      )
    const again = said(await round())
    expect(again.filter((each) => each.startsWith('doubled'))).toEqual(
      [doubled, lost, tampered].map(({ sequence }) => `doubled ${sequence}`).sort(),
    )
  })
})
