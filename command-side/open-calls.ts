import type { RecordedEvent } from '../domain/event.ts'

/** Which calls may still record the outcome of their intent. */
export type OpenCalls = {
  /** Whether the call that recorded this intent may still record its outcome. */
  readonly isOpen: (intent: Pick<RecordedEvent, 'id' | 'recordedAt'>) => boolean
  /** The call gives up: it is answered without an outcome, which is the resolver's to find from now on. */
  readonly close: (intent: Pick<RecordedEvent, 'id'>) => void
}

/**
 * A call is open for `openForMs` after its intent, in whatever process it is. That it was given up earlier is known in
 * its own process only; another one has a client that asks again wait a little.
 */
export const createOpenCalls = (openForMs: number, clock: () => number): OpenCalls => {
  const closed = new Set<string>()
  return {
    isOpen: ({ id, recordedAt }) => clock() - Date.parse(recordedAt) < openForMs && !closed.has(id),
    close: ({ id }) => {
      closed.add(id)
      setTimeout(() => closed.delete(id), openForMs).unref()
    },
  }
}
