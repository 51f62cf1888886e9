import { type Position, start } from '../../domain/position.ts'
import type { EventStore } from '../event-store.ts'

/**
 * The head of the log as of now or later, asked for once where many want to know it together. While it cannot be asked,
 * the last that was known; never rejects.
 */
export const sharedHead = ({ head }: Pick<EventStore, 'head'>): (() => Promise<Position>) => {
  let known: Position = start
  let running: Promise<unknown> | undefined
  let next: Promise<Position> | undefined

  const ask = async (): Promise<Position> => {
    const asked = head()
    running = asked.catch(() => undefined)
    try {
      known = await asked
    } catch {
      // What is refused meanwhile is refused all the same.
    }
    running = undefined
    return known
  }
  return () => {
    if (running === undefined) return ask()
    // The one under way may have been asked before what the caller has seen.
    next ??= running.then(() => {
      next = undefined
      return ask()
    })
    return next
  }
}
