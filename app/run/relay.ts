import { randomUUID } from 'node:crypto'
import type { Config } from '../../infra/config/load-config.ts'
import { kafkaPublisher } from '../../infra/kafka/publisher.ts'
import { ensureTopic, UnfitTopic } from '../../infra/kafka/topic.ts'
import { postgresRelayLease } from '../../infra/postgres/relay-lease.ts'
import { closeShardServers } from '../../infra/postgres/shard-servers.ts'
import { leaseOfSeveral } from '../../projections/lease-of-several.ts'
import { usualPace } from '../../projections/relay-pace.ts'
import { runRelay } from '../../projections/relay.ts'
import { aborted } from '../aborted.ts'
import { kafkaConnection, topicSettings } from '../engines/feed.ts'
import { openServers } from '../engines/read-models.ts'
import { openStore } from '../ground.ts'
import { StartError, messageOf } from '../start-error.ts'
import { runProcess, type Task } from './run-process.ts'

const pool = { name: 'daybook relay', min: 0, max: 4, statementTimeoutMs: 5_000, readOnly: false }

/** Makes the topic, however long no brokers are there. Throws a `StartError` where it is there and unfit. */
const prepareTopic = async ({ config, log, signal }: Task): Promise<void> => {
  while (!signal.aborted) {
    try {
      return await ensureTopic(kafkaConnection(config), topicSettings(config), log)
    } catch (error) {
      if (error instanceof UnfitTopic) throw new StartError(messageOf(error), { cause: error })
      log.warn({ err: error }, 'the topic cannot be made now')
    }
  }
}

/**
 * Sends the event store's logs to Kafka until Ctrl-C or SIGTERM. Of several one is active for each log, others stand by.
 * Throws a `StartError` where the feed is another one, or the topic is unfit.
 */
export const runRelayAlone = (config: Config): Promise<number> => {
  if (config.FEED !== 'kafka') throw new StartError('a relay sends events to Kafka: set FEED=kafka')
  return runProcess(config, 'relay', async (task) => {
    const { metrics, log, teardown, signal } = task
    await Promise.race([prepareTopic(task), aborted(signal)])
    const logs = openStore(task, true)
    const servers = openServers(config, log, pool)
    teardown.add('the connections to PostgreSQL', () => closeShardServers(servers))
    const holder = randomUUID()
    const lease = leaseOfSeveral(servers.servers.map((server) => postgresRelayLease(server, holder)))
    const relays = logs.each.map(async (reader, of) => {
      const { KAFKA_TOPIC: topic, KAFKA_PARTITIONS: parts } = config
      const publisher = kafkaPublisher({ connection: kafkaConnection(config), topic, parts, logger: log })
      const onProgress = metrics.relayed(of)
      await runRelay({ log: of, reader, publisher, lease, logger: log, onProgress, pace: usualPace }, signal)
      await publisher.close()
    })
    const done = Promise.all(relays).catch((error: unknown) =>
      task.onFailure(new StartError(`the relay cannot go on: ${messageOf(error)}`, { cause: error })),
    )
    teardown.add('the relay', () => done)
    // One that stands by is as ready as one that is active.
    return { probes: [] }
  })
}
