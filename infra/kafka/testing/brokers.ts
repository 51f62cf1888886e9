import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { accessOf, type KafkaSettings } from '../connection.ts'
import { freePort } from '../../postgres/free-port.ts'
import { type Broker, type BrokerPorts, startBroker } from './broker.ts'
import { kafkaJars } from './kafka-jars.ts'
import { runningKafka } from './running-kafka.ts'
import { until } from './until.ts'

/** Kafka for a test: three brokers or one of its own, or some that run already. */
export type Brokers = {
  /** `host:port` of each. */
  readonly brokers: readonly string[]
  /** How to get in, for what is tested. */
  readonly connection: KafkaSettings
  /** The processes, by node from 1; none where they are not the test's own. */
  readonly each: readonly Broker[]
  /** How many copies of a partition there can be. */
  readonly copies: number
  /** Asks one that answers. */
  ask<T>(question: (admin: Admin) => Promise<T>): Promise<T>
  /** Asks each of them, as they hear of things one after another. */
  askEach<T>(question: (admin: Admin) => Promise<T>): Promise<readonly T[]>
  /** Resolves when every partition of the topic has a leader and all of its copies. */
  waitInSync(topic: string): Promise<void>
  /** The node that leads a partition. */
  leaderOf(topic: string, partition: number): Promise<number>
  stopAll(): Promise<void>
}

const quietly = (settings: KafkaSettings): Kafka =>
  new Kafka({
    ...accessOf(settings),
    brokers: [...settings.brokers],
    clientId: 'test-admin',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    requestTimeout: 4_000,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 500 },
  })

const askOf = async <T>(settings: KafkaSettings, question: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = quietly(settings).admin()
  try {
    await admin.connect()
    return await question(admin)
  } finally {
    await admin.disconnect().catch(() => undefined)
  }
}

const questionsTo = (settings: KafkaSettings) => {
  const ask = <T>(question: (admin: Admin) => Promise<T>): Promise<T> => askOf(settings, question)
  const partitionsOf = async (topic: string) =>
    (await ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }))).topics[0]?.partitions ?? []
  return {
    ask,
    askEach: <T>(question: (admin: Admin) => Promise<T>): Promise<readonly T[]> =>
      Promise.all(settings.brokers.map((broker) => askOf({ ...settings, brokers: [broker] }, question))),
    waitInSync: (topic: string) =>
      until(`all copies of ${topic} in sync`, async () => {
        const partitions = await partitionsOf(topic)
        return (
          partitions.length > 0 &&
          partitions.every(({ leader, isr, replicas }) => leader >= 0 && isr.length === replicas.length)
        )
      }),
    leaderOf: async (topic: string, partition: number) =>
      (await partitionsOf(topic)).find(({ partitionId }) => partitionId === partition)?.leader ?? -1,
  }
}

/** Brokers that run already. */
const runningBrokers = async (connection: KafkaSettings): Promise<Brokers> => {
  const questions = questionsTo(connection)
  const { brokers: listed } = await questions.ask((admin) => admin.describeCluster())
  const copies = Math.min(3, listed.length)
  return { brokers: connection.brokers, connection, each: [], copies, ...questions, stopAll: async () => undefined }
}

const freePorts = async (count: number): Promise<readonly number[]> => {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await freePort(0))
  return [...ports]
}

/**
 * Starts so many real brokers on 127.0.0.1. Resolves when each knows of all. Call `stopAll`, which leaves nothing. `more`
 * are lines of a broker's properties, which go before those that it has anyway.
 */
export const startBrokers = async (
  count: number,
  more: (ports: BrokerPorts) => readonly string[] = () => [],
): Promise<Brokers> => {
  const jars = await kafkaJars()
  const folder = await mkdtemp(join(tmpdir(), 'daybook-kafka-'))
  const numbers = await freePorts(4 * count)
  const all = Array.from({ length: count }, (_, index): BrokerPorts => {
    const [clients = 0, controller = 0, behindProxy = 0, proxy = 0] = numbers.slice(4 * index)
    return { clients, controller, behindProxy, proxy }
  })
  const cluster = randomBytes(16).toString('base64url')
  const each: Broker[] = []
  const stopAll = async (): Promise<void> => {
    await Promise.all(each.map((broker) => broker.kill()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (let node = 1; node <= count; node++) each.push(await startBroker(node, all, folder, jars, cluster, more))
    const brokers = all.map(({ clients }) => `127.0.0.1:${clients}`)
    const connection = { brokers, clientId: 'test' }
    for (const broker of brokers)
      await until(`a Kafka of ${count} brokers`, () =>
        questionsTo({ ...connection, brokers: [broker] }).ask(
          async (admin) => (await admin.describeCluster()).brokers.length === count,
        ),
      )
    const questions = questionsTo(connection)
    // Groups can be joined once the offsets' partitions were read; a broker on a busy machine takes its time.
    const names = Array.from({ length: 32 }, (_, number) => `group-${number}`)
    await until('coordinators of all groups', async () => {
      await questions.ask((admin) => admin.describeGroups(names))
      return true
    })
    return { brokers, connection, each, copies: Math.min(3, count), ...questions, stopAll }
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** The brokers that run (TEST_KAFKA), or so many of a test's own. */
export const openBrokers = (count: number): Promise<Brokers> => {
  const running = runningKafka()
  return running === undefined ? startBrokers(count) : runningBrokers(running)
}
