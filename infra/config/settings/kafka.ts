import Type from 'typebox'
import { certificates, count, flag, oneOf, optional, secret, text, whole } from './kinds.ts'

export const kafka = {
  KAFKA_BROKERS: optional(text('host[:port] of some brokers, with commas between; required with FEED=kafka')),
  KAFKA_TOPIC: Type.String({
    pattern: '^[a-zA-Z0-9._-]{1,249}$',
    demand: 'have letters, digits, dots, _ and - only, and at most 249 of them',
    description: 'The topic of the events; made if it is absent',
    default: 'daybook.events',
  }),
  KAFKA_PARTITIONS: whole(1, 10_000, 'How many partitions the topic has', 50),
  KAFKA_REPLICATION_FACTOR: whole(1, 100, 'On how many brokers each partition is', 3),
  KAFKA_RETENTION: count('For how long the topic keeps an event, in milliseconds', 604_800_000),
  KAFKA_GROUP: text('The consumer group of the projections', 'daybook-projections'),
  KAFKA_TLS: flag('Whether connections are encrypted'),
  KAFKA_TLS_CA: certificates("A PEM file of who signs the brokers' certificates; absent: those that Node trusts"),
  KAFKA_SASL_MECHANISM: optional(
    oneOf(['plain', 'scram-sha-256', 'scram-sha-512'], 'How brokers ask who we are; absent: they do not'),
  ),
  KAFKA_SASL_USERNAME: secret('Who we are; required with KAFKA_SASL_MECHANISM'),
  KAFKA_SASL_PASSWORD: secret('Our password; required with KAFKA_SASL_MECHANISM'),
}
