import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { keysConnection } from './keys-url.ts'
import { eventStores, kafkaBrokers, postgresServers, redisNodes } from './places.ts'
import { readCertificates } from './tls.ts'

type Name = keyof Config

const wrong = (message: string): ConfigError => new ConfigError(message)

const need = (config: Config, reason: string, ...names: readonly Name[]): void => {
  for (const name of names) {
    if (config[name] === undefined || config[name] === '') throw wrong(`${name} is required with ${reason}`)
  }
}

/** Somebody who names certificates believes that connections are encrypted. */
const checkTls = (config: Config, tls: Name, ca: 'KAFKA_TLS_CA' | 'DB_TLS_CA' | 'REDIS_TLS_CA'): void => {
  const path = config[ca]
  if (path === undefined) return
  if (config[tls] !== true) throw wrong(`${ca} is set, but ${tls} is not true`)
  try {
    readCertificates(path)
  } catch (error) {
    throw wrong(`${ca} names ${path}, which ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

const checkEventStore = (config: Config): void => {
  need(config, 'EVENT_STORE=eventstoredb', 'EVENTSTORE_CONNECTION_STRING')
  eventStores(config)
}

const checkKafka = (config: Config): void => {
  need(config, 'FEED=kafka', 'KAFKA_BROKERS')
  kafkaBrokers(config)
  checkTls(config, 'KAFKA_TLS', 'KAFKA_TLS_CA')
  const mechanism = config.KAFKA_SASL_MECHANISM
  if (mechanism) {
    need(config, `KAFKA_SASL_MECHANISM=${mechanism}`, 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD')
    return
  }
  if (config.KAFKA_SASL_USERNAME) need(config, 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_MECHANISM')
  if (config.KAFKA_SASL_PASSWORD) need(config, 'KAFKA_SASL_PASSWORD', 'KAFKA_SASL_MECHANISM')
}

const checkPostgres = (config: Config): void => {
  need(config, 'READ_MODELS=postgres', 'DB_PASSWORD')
  if (config.DB_PORT === 0) throw wrong('DB_PORT must be a whole number from 1 to 65535 with READ_MODELS=postgres')
  postgresServers(config)
  checkTls(config, 'DB_TLS', 'DB_TLS_CA')
}

const checkRedis = (config: Config): void => {
  need(config, 'CACHE=redis', 'REDIS_HOST')
  if (redisNodes(config).length > 1 && !config.REDIS_CLUSTER_MODE) {
    throw wrong('REDIS_HOST names several hosts, which takes REDIS_CLUSTER_MODE=true')
  }
  if (config.REDIS_USERNAME) need(config, 'REDIS_USERNAME', 'REDIS_PASSWORD')
  checkTls(config, 'REDIS_TLS', 'REDIS_TLS_CA')
}

/** Throws a `ConfigError` when what is chosen lacks a setting, or two settings cannot be meant together. */
export const checkRequirements = (config: Config): void => {
  if (config.DB_POOL_MIN > config.DB_POOL_MAX) {
    throw wrong(`DB_POOL_MIN (${config.DB_POOL_MIN}) must not be above DB_POOL_MAX (${config.DB_POOL_MAX})`)
  }
  if (config.EVENT_STORE === 'eventstoredb') checkEventStore(config)
  if (config.FEED === 'kafka') checkKafka(config)
  if (config.READ_MODELS === 'postgres') checkPostgres(config)
  if (config.CACHE === 'redis') checkRedis(config)
  if (config.KEYS_URL !== undefined && config.KEYS_DIR !== undefined)
    throw wrong('KEYS_URL and KEYS_DIR are both set: set one of them')
  if (config.KEYS_URL !== undefined) keysConnection(config.KEYS_URL)
  // Each machine would sign tokens with a secret of its own.
  if (config.DAYBOOK_PROFILE === 'cluster') need(config, 'DAYBOOK_PROFILE=cluster', 'JWT_SECRET')
}
