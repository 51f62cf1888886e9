import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'

/** Longer than a broker takes that is only busy: where none is in time, none is preferred. */
const patienceMs = 3_000

/** Connects, and asks what versions it speaks: one that is stopped takes connections too, and never says a word. */
const ask = async (config: KafkaConfig, broker: string): Promise<string> => {
  const admin = new Kafka({
    ...config,
    brokers: [broker],
    connectionTimeout: patienceMs,
    requestTimeout: patienceMs,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin()
  try {
    await admin.connect()
    return broker
  } finally {
    admin.disconnect().catch(() => undefined)
  }
}

/**
 * The broker of a list that is first to answer, alone, for a client to begin with; the list where none answers. A client
 * left to itself begins with the first of the list, and stays with it for as long as that one is silent.
 */
export const firstToAnswer = async (config: KafkaConfig, brokers: readonly string[]): Promise<string[]> => {
  if (brokers.length < 2) return [...brokers]
  try {
    return [await Promise.any(brokers.map((broker) => ask(config, broker)))]
  } catch {
    return [...brokers]
  }
}
