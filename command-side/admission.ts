import { Problem } from '../http/problem.ts'
import { EventStoreBusy } from './event-store.ts'

/** The door that every command goes through: so many at once, and no queue in front of it. */
export type Admission = {
  /** Does the work, or throws 503 `overloaded` when there is no room or the event store has none. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Throws 503 `overloaded` when those who can wait for room should not even do that. */
  requireOpen(): void
  /** For those who can wait. Resolves once somebody has left; undefined when there is room already, or never will be. */
  room(): Promise<void> | undefined
  /** Lets nothing in any more; resolves when nobody is inside. */
  close(): Promise<void>
}

const overloaded = (): Problem =>
  new Problem(503, 'overloaded', 'Too many commands are under way; try again in a moment', {
    headers: { 'Retry-After': '1' },
  })

/** Where there is room for fewer than `maxInFlight` now. */
export type Pressure = {
  /** How many may be at work at once. */
  readonly limit: () => number
  /** How many of those inside are not, because they wait for somebody else. */
  readonly elsewhere: () => number
}

/** The rest is for those who cannot wait: they would never find room beside people who take all of it at once. */
const shareOfThoseWhoWait = 0.75

const none: Pressure = { limit: () => Infinity, elsewhere: () => 0 }

export const createAdmission = (maxInFlight: number, { limit, elsewhere }: Pressure = none): Admission => {
  let inFlight = 0
  let closed = false
  const waiting = new Set<() => void>()

  const left = (): void => {
    inFlight--
    // All who wait look again: some wait for room, one for nobody to be left.
    for (const wake of waiting) wake()
    waiting.clear()
  }
  const change = (): Promise<void> => new Promise((resolve) => waiting.add(resolve))

  const isOpen = (): boolean => !closed && inFlight < maxInFlight
  const hasRoom = (share: number): boolean => isOpen() && inFlight - elsewhere() < share * limit()

  return {
    run: async (work) => {
      if (!hasRoom(1)) throw overloaded()
      inFlight++
      try {
        return await work()
      } catch (error) {
        throw error instanceof EventStoreBusy ? overloaded() : error
      } finally {
        left()
      }
    },
    requireOpen: () => {
      if (!isOpen()) throw overloaded()
    },
    room: () => (closed || hasRoom(shareOfThoseWhoWait) ? undefined : change()),
    close: async () => {
      closed = true
      while (inFlight > 0) await change()
    },
  }
}
