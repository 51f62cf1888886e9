/** Kafka did not do in time what was asked of it. It may have been done all the same. */
export class KafkaUnavailable extends Error {
  override name = 'KafkaUnavailable'
}
