import { within } from '../within.ts'
import { KafkaUnavailable } from './unavailable.ts'

/** Ends a connection, for so long at most. Nobody needs to hear that it could not be ended properly. */
export const farewell = (longestMs: number, end: () => Promise<void>): Promise<void> =>
  within(longestMs, end, () => new KafkaUnavailable('no farewell in time')).catch(() => undefined)
