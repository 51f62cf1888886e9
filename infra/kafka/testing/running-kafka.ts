import { kafkaConnection } from '../../../app/engines/feed.ts'
import { loadConfig } from '../../config/load-config.ts'
import { running, settingsOf } from '../../testing/running.ts'
import type { KafkaSettings } from '../connection.ts'

/** `TEST_KAFKA=host:port,…` for brokers that run already; `KAFKA_TLS`, `KAFKA_SASL_…` say how to get in, as to Daybook. */
export const runningKafka = (): KafkaSettings | undefined => {
  const brokers = running('TEST_KAFKA')
  if (brokers === undefined) return undefined
  return kafkaConnection(loadConfig({ ...settingsOf('KAFKA_'), FEED: 'kafka', KAFKA_BROKERS: brokers }))
}
