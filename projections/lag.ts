import { type Position, sequencesIn } from '../domain/position.ts'
import type { EventFeed } from './event-feed.ts'

/** How far somebody is behind the log: in events, and by the age of the oldest event not seen. */
export type Lag = { readonly events: number; readonly seconds: number }

export const lagBehind = async (feed: EventFeed, position: Position, now: Date): Promise<Lag> => {
  const seen = sequencesIn(position)
  const head = sequencesIn(await feed.head())
  const events = head.reduce((sum, sequence, log) => sum + Math.max(0, sequence - (seen[log] ?? 0)), 0)
  const [oldest] = events === 0 ? [] : (await feed.readAll(position, 1)).events
  const seconds = oldest === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(oldest.recordedAt)) / 1_000
  return { events, seconds }
}
