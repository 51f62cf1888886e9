import { type Position, positionAt } from '../domain/position.ts'
import type { SeenPart } from './event-feed.ts'

/** The place up to which all of these parts have been seen; of a log that none of them belongs to, the beginning. */
export const positionSeen = (seen: readonly SeenPart[]): Position => {
  const logs = Math.max(0, ...seen.map(({ log }) => log + 1))
  const lowest = (log: number): number => Math.min(...seen.flatMap((part) => (part.log === log ? [part.sequence] : [])))
  return positionAt(
    Array.from({ length: logs }, (_, log) => lowest(log)).map((sequence) => (Number.isFinite(sequence) ? sequence : 0)),
  )
}
