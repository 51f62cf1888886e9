import { kafkaPublisher, type KafkaPublisher } from '../../infra/kafka/publisher.ts'
import { kafkaTopicReader } from '../../infra/kafka/topic-reader.ts'
import type { Place } from '../../reconciliation/place.ts'
import { type TopicDeps, topicPlace } from '../../reconciliation/topic/topic-place.ts'
import { kafkaConnection } from '../engines/feed.ts'
import type { Surroundings } from '../ground.ts'

/** The topic to be compared, and to be added to once a repair asks for that. */
export const openTopic = (
  { config, log: logger, teardown }: Surroundings,
  deps: Omit<TopicDeps, 'topic' | 'publish'>,
): Place => {
  const connection = kafkaConnection(config)
  const { KAFKA_TOPIC: topic, KAFKA_PARTITIONS: parts, KAFKA_GROUP: group } = config
  const reader = kafkaTopicReader({ connection, topic, parts, groupId: `${group}-reconciler`, logger })
  teardown.add('the topic', () => reader.close())
  let publisher: KafkaPublisher | undefined
  teardown.add('what is sent to the topic', async () => publisher?.close())
  return topicPlace({
    ...deps,
    topic: reader,
    publish: (event) => {
      publisher ??= kafkaPublisher({ connection, topic, parts, logger })
      const { log, sequence } = event
      // Whoever has seen it passes it over, and it says nothing of what comes before it.
      const record = { log, part: publisher.partOf(event.stream), after: sequence - 1, upTo: sequence, event }
      return publisher.publish([record])
    },
  })
}
