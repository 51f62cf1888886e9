import type { Config } from '../../infra/config/load-config.ts'
import { kafkaBrokers } from '../../infra/config/places.ts'
import { tlsOf } from '../../infra/config/tls.ts'
import type { KafkaSettings } from '../../infra/kafka/connection.ts'
import { kafkaFeed } from '../../infra/kafka/feed.ts'
import type { TopicSettings } from '../../infra/kafka/topic.ts'
import type { Logger } from '../../infra/logging/logger.ts'
import type { EventFeed } from '../../projections/event-feed.ts'
import type { ReadModelServer } from '../../projections/read-model-store.ts'
import { tailFeed } from '../../projections/tail-feed.ts'
import type { Logs } from './event-store.ts'

const saslOf = (config: Config): Pick<KafkaSettings, 'sasl'> => {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config
  if (mechanism === undefined || username === undefined || password === undefined) return {}
  return { sasl: { mechanism, username, password } }
}

/** Where the brokers are, and how to get in. */
export const kafkaConnection = (config: Config): KafkaSettings => {
  const tls = tlsOf(config.KAFKA_TLS, config.KAFKA_TLS_CA)
  return {
    brokers: kafkaBrokers(config),
    clientId: 'daybook',
    ...(tls === undefined ? {} : { tls }),
    ...saslOf(config),
  }
}

/** The topic of the events. */
export const topicSettings = (config: Config): TopicSettings => ({
  topic: config.KAFKA_TOPIC,
  partitions: config.KAFKA_PARTITIONS,
  replicationFactor: config.KAFKA_REPLICATION_FACTOR,
  retentionMs: config.KAFKA_RETENTION,
})

/** How events reach the projector of a server. The projectors of one server share the partitions as one group. */
export const feedOf =
  (config: Config, logs: Logs, logger: Logger) =>
  (server: ReadModelServer): EventFeed => {
    if (config.FEED === 'tail') return tailFeed(logs.all, logs.each)
    return kafkaFeed({
      connection: kafkaConnection(config),
      topic: config.KAFKA_TOPIC,
      parts: config.KAFKA_PARTITIONS,
      groupId: `${config.KAFKA_GROUP}-${server.shards[0]}`,
      logs: logs.each,
      logger,
      onTrouble: (error) => logger.error({ err: error }, 'the topic does not hold what it should'),
    })
  }
