import { setTimeout as sleep } from 'node:timers/promises'
import kafkajs, { type Admin } from 'kafkajs'
import type { Logger } from '../../projections/logger.ts'
import { within } from '../within.ts'
import { type KafkaSettings, kafkaClient } from './connection.ts'
import { farewell } from './farewell.ts'
import { hear } from './heard.ts'
import { KafkaUnavailable } from './unavailable.ts'

export type TopicSettings = {
  readonly topic: string
  /** How many parts the logs are dealt out to; a topic may have more partitions, which are not used. */
  readonly partitions: number
  readonly replicationFactor: number
  readonly retentionMs: number
}

/** The topic is there, and is not what it has to be. */
export class UnfitTopic extends Error {
  override name = 'UnfitTopic'
}

const pauseMs = 200
const longestFarewellMs = 2_000

/** Asks until the answer is yes. A question that fails is asked again, unless it has found the topic unfit. */
const until = async (what: string, deadline: number, isSo: () => Promise<boolean>): Promise<void> => {
  let cause: unknown
  for (;;) {
    try {
      if (await isSo()) return
    } catch (error) {
      if (error instanceof UnfitTopic) throw error
      cause = error
    }
    if (performance.now() > deadline) throw new KafkaUnavailable(`${what} in time`, { cause })
    await sleep(pauseMs)
  }
}

const partitionsOf = async (admin: Admin, topic: string) =>
  (await admin.fetchTopicMetadata({ topics: [topic] })).topics.find(({ name }) => name === topic)?.partitions ?? []

/** Not waiting for leaders, because that may fail although the topic is being made. Somebody else may be making it too. */
const make = (admin: Admin, { topic, partitions, replicationFactor, retentionMs }: TopicSettings): Promise<boolean> =>
  admin.createTopics({
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor,
        configEntries: [
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'retention.ms', value: String(retentionMs) },
          // With three copies a broker may be lost and what is acknowledged still be on two.
          { name: 'min.insync.replicas', value: String(replicationFactor > 2 ? 2 : 1) },
        ],
      },
    ],
  })

const check = async (admin: Admin, settings: TopicSettings, logger: Logger): Promise<void> => {
  const { topic, partitions, retentionMs } = settings
  const found = (await partitionsOf(admin, topic)).length
  if (found < partitions)
    throw new UnfitTopic(
      `the Kafka topic ${topic} has ${found} partitions and needs ${partitions}: set KAFKA_PARTITIONS to what read models were made with, or name another topic with KAFKA_TOPIC`,
    )
  if (found > partitions)
    logger.warn({ topic, found, used: partitions }, 'only the first partitions of the topic are used')
  const names = ['cleanup.policy', 'retention.ms']
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: names }],
  })
  const [policy, retention] = names.map(
    (name) => described.resources[0]?.configEntries.find(({ configName }) => configName === name)?.configValue,
  )
  if (policy !== undefined && policy !== 'delete')
    throw new UnfitTopic(
      `the Kafka topic ${topic} has the cleanup.policy "${policy}" and needs "delete": a compacted one forgets all events of a stream but the last`,
    )
  if (retention !== undefined && retention !== String(retentionMs))
    logger.warn({ topic, found: retention, wanted: retentionMs }, 'the topic is kept with its own retention.ms')
}

/**
 * Sees to it that the topic is there and fit, and every partition of it has a leader. Throws `UnfitTopic` where it is
 * there and is not, `KafkaUnavailable` after `timeoutMs`.
 */
export const ensureTopic = async (
  connection: KafkaSettings,
  settings: TopicSettings,
  logger: Logger,
  timeoutMs = 60_000,
): Promise<void> => {
  const { topic, replicationFactor } = settings
  const deadline = performance.now() + timeoutMs
  const heard = hear(logger)
  const admin = kafkaClient(connection, heard.logger).admin()
  const ensure = async (): Promise<void> => {
    await admin.connect()
    let made = false
    // All of it from the beginning each time: the brokers hear of a topic, and of its end, one after another.
    await until(`the Kafka topic ${topic} could not be made, or did not get its leaders`, deadline, async () => {
      if (!(await admin.listTopics()).includes(topic)) {
        const { brokers } = await admin.describeCluster()
        if (brokers.length < replicationFactor)
          throw new Error(`there are ${brokers.length} brokers, and ${replicationFactor} are needed to make it`)
        made = (await make(admin, settings)) || made
      }
      const found = await partitionsOf(admin, topic)
      if (found.length === 0 || found.some(({ leader }) => leader < 0)) return false
      await check(admin, settings, logger)
      return true
    })
    if (made) logger.info({ ...settings }, 'the topic was made')
  }
  try {
    await within(timeoutMs + 1_000, ensure, () => heard.unavailable(`Kafka did not answer within ${timeoutMs} ms`))
  } finally {
    await farewell(longestFarewellMs, () => admin.disconnect())
  }
}
