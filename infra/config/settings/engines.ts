import { oneOf, optional } from './kinds.ts'

export const engines = {
  EVENT_STORE: optional(oneOf(['lmdb', 'eventstoredb'], 'Where events are kept')),
  FEED: optional(oneOf(['tail', 'kafka'], 'How projections get the events: from the event store, or through Kafka')),
  READ_MODELS: optional(oneOf(['embedded', 'postgres'], 'A PostgreSQL that Daybook starts, or servers of your own')),
  CACHE: optional(oneOf(['in-process', 'redis'], 'Where statuses and rate limits are kept beside the process')),
}
