/** The least that the cluster profile takes. */
export const cluster: Readonly<Record<string, string>> = {
  DAYBOOK_PROFILE: 'cluster',
  EVENTSTORE_CONNECTION_STRING: 'esdb://events:2113?tls=false',
  KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092',
  DB_HOST: 'pg',
  DB_PASSWORD: 'a password',
  REDIS_HOST: 'redis',
  JWT_SECRET: 'j'.repeat(32),
}
