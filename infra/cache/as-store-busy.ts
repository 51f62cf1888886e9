import { EventStoreBusy } from '../../command-side/event-store.ts'
import { SourceBusy } from './cached-over.ts'

/** What was thrown, but where the event store behind a cache has been asked too much `EventStoreBusy`. */
export const asStoreBusy = (error: unknown): unknown =>
  error instanceof SourceBusy ? new EventStoreBusy(error.message, { cause: error }) : error
