import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kafkaConnection } from '../../app/engines/feed.ts'
import type { RecordedEvent } from '../../domain/event.ts'
import { loadConfig } from '../config/load-config.ts'
import { someEvent, someStream } from '../contracts/some-events.ts'
import { type Authority, isOpensslHere, makeAuthority } from '../testing/certificates.ts'
import type { KafkaSettings } from './connection.ts'
import { kafkaFeed } from './feed.ts'
import { kafkaPublisher } from './publisher.ts'
import { kafkaAvailable } from './testing/kafka-jars.ts'
import { relayed } from './testing/relayed.ts'
import { type SecuredBroker, startSecuredBroker } from './testing/secured-broker.ts'
import { ensureTopic } from './topic.ts'

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const some = (): string => `test-${randomBytes(6).toString('hex')}`

describe.skipIf(!isOpensslHere || !(await kafkaAvailable()))('a Kafka with TLS and SASL', () => {
  let trusted: Authority
  let unknown: Authority
  let broker: SecuredBroker

  beforeAll(async () => {
    trusted = await makeAuthority()
    unknown = await makeAuthority()
    broker = await startSecuredBroker('ledger', 'secret', await trusted.certify())
  }, 240_000)
  afterAll(async () => {
    await trusted.remove()
    await unknown.remove()
    await broker.stop()
  })

  const connectionBy = (mechanism: string, more: Readonly<Record<string, string>> = {}): KafkaSettings =>
    kafkaConnection(
      loadConfig({
        FEED: 'kafka',
        KAFKA_BROKERS: broker.address,
        KAFKA_TLS: 'true',
        KAFKA_TLS_CA: trusted.caPath,
        KAFKA_SASL_MECHANISM: mechanism,
        KAFKA_SASL_USERNAME: 'ledger',
        KAFKA_SASL_PASSWORD: 'secret',
        ...more,
      }),
    )
  const elsewhere = (): string => broker.address.replace('127.0.0.1', 'localhost')
  const makeTopic = (connection: KafkaSettings, topic: string, timeoutMs?: number): Promise<void> =>
    ensureTopic(connection, { topic, partitions: 1, replicationFactor: 1, retentionMs: 600_000 }, quiet, timeoutMs)
  const publish = async (connection: KafkaSettings, topic: string, timeoutMs = 60_000): Promise<RecordedEvent> => {
    const event = { ...someEvent(), stream: someStream(), log: 0, revision: 0, sequence: 1 }
    const publisher = kafkaPublisher({ connection, topic, parts: 1, logger: quiet, timeoutMs })
    try {
      await publisher.publish(relayed(1)([event]))
      return event
    } finally {
      await publisher.close()
    }
  }
  /** The first that a consumer gets of the topic; without a sign of life for so long it gives up. */
  const consume = async (connection: KafkaSettings, topic: string, silenceMs = 60_000) => {
    const options = { connection, topic, parts: 1, groupId: some(), logger: quiet, onTrouble: () => undefined }
    const feed = kafkaFeed({ ...options, logs: [], patience: { silenceMs } })
    for await (const batch of feed.subscribe(async () => [], new AbortController().signal)) return batch
    return []
  }

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('is written and read by %s', async (mechanism) => {
    const connection = connectionBy(mechanism)
    const topic = some()
    await makeTopic(connection, topic)
    const event = await publish(connection, topic)
    expect((await consume(connection, topic)).flatMap(({ events }) => events)).toEqual([event])
  })

  // Each waits for a client that tries again: together they wait once.
  test.concurrent.each([
    ['a wrong password by plain', () => connectionBy('plain', { KAFKA_SASL_PASSWORD: 'b' }), /authentication failed/],
    ['a wrong password by scram', () => connectionBy('scram-sha-512', { KAFKA_SASL_PASSWORD: 'b' }), /invalid cred/],
    ['an unknown authority', () => connectionBy('plain', { KAFKA_TLS_CA: unknown.caPath }), /certificate/],
    ['the certificate of another host', () => connectionBy('plain', { KAFKA_BROKERS: elsewhere() }), /certificate/],
    ['no encryption', () => connectionBy('plain', { KAFKA_TLS: 'false', KAFKA_TLS_CA: '' }), /: Error: kafka: /],
  ])('with %s is not there, and says why', async (_, connect, why) => {
    const [connection, topic] = [connect(), some()]
    const reasons = [makeTopic, publish, consume].map((work) =>
      work(connection, topic, 2_000).then(
        () => 'none',
        (error: Error) => `${error.message}: ${String(error.cause)}`,
      ),
    )
    for (const reason of await Promise.all(reasons)) expect(reason).toMatch(why)
  })
})
