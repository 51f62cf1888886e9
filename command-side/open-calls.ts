import type { RecordedEvent } from '../domain/event.ts'

/** How long after its intent a call may begin to have it done, and may record the outcome, in milliseconds. */
export type CallTimes = { readonly sendWithinMs: number; readonly openForMs: number }

const appendMs = 2_000
const recordingMs = 2_000

/**
 * The times of calls to somebody who takes so long at most. What is begun within them has ended, and was recorded, before
 * anybody else asks what became of it; an intent that took longer to append is not sent, since it may have been asked for.
 */
export const callTimes = (timeoutMs: number): CallTimes => ({
  sendWithinMs: appendMs,
  openForMs: appendMs + timeoutMs + recordingMs,
})
/** Which calls may still have their intent done and record its outcome. */
export type OpenCalls = {
  /** Whether it is early enough to have done what was recorded. */
  readonly maySend: (intent: Pick<RecordedEvent, 'recordedAt'>) => boolean
  /** Whether the call that recorded this intent may still record its outcome. */
  readonly isOpen: (intent: Pick<RecordedEvent, 'id' | 'recordedAt'>) => boolean
  /** The call gives up: it is answered without an outcome, which is the resolver's to find from now on. */
  readonly close: (intent: Pick<RecordedEvent, 'id'>) => void
}

/**
 * A call is open for `openForMs` after its intent, in whatever process it is. That it was given up earlier is known in
 * its own process only; another one has a client that asks again wait a little.
 */
export const createOpenCalls = ({ sendWithinMs, openForMs }: CallTimes, clock: () => number): OpenCalls => {
  const closed = new Set<string>()
  const ageMs = (recordedAt: string): number => clock() - Date.parse(recordedAt)
  return {
    maySend: ({ recordedAt }) => ageMs(recordedAt) < sendWithinMs,
    isOpen: ({ id, recordedAt }) => ageMs(recordedAt) < openForMs && !closed.has(id),
    close: ({ id }) => {
      closed.add(id)
      setTimeout(() => closed.delete(id), openForMs).unref()
    },
  }
}
