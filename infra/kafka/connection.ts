import { Kafka, type KafkaConfig, type logCreator, logLevel, type SASLOptions } from 'kafkajs'
import type { Logger } from '../../projections/logger.ts'
import { useQuickGzip } from './gzip.ts'
import { firstToAnswer } from './seed.ts'

/** Where Kafka is (`host:port` of any of its brokers) and how to get in. `ca` is the PEM text of who signs for the brokers. */
export type KafkaSettings = {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly tls?: { readonly ca?: string }
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
  /** How long a broker may take to answer a request; 10,000 when absent. */
  readonly requestTimeoutMs?: number
}

/**
 * How often what can be tried again is tried again, some half a minute in all: longer than it takes to elect a leader.
 * `consumer()` does not take it from the client and has to be told again.
 */
export const patience = { retries: 30, initialRetryTime: 100, maxRetryTime: 1_000 } as const

/** What kafkajs may say of what it is about. Anything else it hands to its log may be made of records. */
const tellable = ['topic', 'partition', 'groupId', 'broker', 'clientId', 'error', 'retryCount', 'retryTime'] as const

/** How kafkajs says that consumers have come or gone, once for each partition; it joins anew. */
const rebalancing = 'The group is rebalancing, so a rejoin is needed'

/** Only what went wrong, as a warning: it mostly helps itself, and whoever uses it reports what it could not help. */
const logTo =
  (logger: Logger): logCreator =>
  () =>
  ({ namespace, level, log }) => {
    if (level > logLevel.WARN || log['error'] === rebalancing) return
    const told = tellable.flatMap((name) => {
      const value: unknown = log[name]
      return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : []
    })
    logger.warn({ of: namespace, ...Object.fromEntries(told) }, `kafka: ${log.message}`)
  }

const saslOf = ({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions => {
  switch (mechanism) {
    case 'plain':
      return { mechanism: 'plain', username, password }
    case 'scram-sha-256':
      return { mechanism: 'scram-sha-256', username, password }
    case 'scram-sha-512':
      return { mechanism: 'scram-sha-512', username, password }
  }
}

/** How to get in, as kafkajs is told. */
export const accessOf = ({ tls, sasl }: KafkaSettings): Pick<KafkaConfig, 'ssl' | 'sasl'> => ({
  ...(tls === undefined ? {} : { ssl: tls.ca === undefined ? true : { ca: [tls.ca] } }),
  ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
})

/**
 * A client, which connects when it is used. Consumers of one client share what they know of the group's offsets, so each
 * consumer needs a client of its own.
 */
export const kafkaClient = (settings: KafkaSettings, logger: Logger): Kafka => {
  const { brokers, clientId, requestTimeoutMs = 10_000 } = settings
  useQuickGzip()
  const config: KafkaConfig = {
    brokers: () => firstToAnswer(config, brokers),
    clientId,
    connectionTimeout: 3_000,
    authenticationTimeout: 5_000,
    requestTimeout: requestTimeoutMs,
    retry: patience,
    logLevel: logLevel.WARN,
    logCreator: logTo(logger),
    ...accessOf(settings),
  }
  return new Kafka(config)
}
