import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from './environment.ts'

/** The disk did not take a group of appends; nothing of it is in the log. */
export class EventLogFailure extends Error {
  override name = 'EventLogFailure'
}

const reasonPatienceMs = 1_000

/** The library's error holds a promise that is rejected with what went wrong, as a rule at once. */
const reasonOf = async (error: unknown): Promise<unknown> => {
  if (!(error instanceof Error && 'commitError' in error)) return error
  return Promise.race([error.commitError, sleep(reasonPatienceMs)]).then(
    () => error,
    (reason: unknown) => reason,
  )
}

/** Does the work in one transaction: all of it and on disk when this resolves, or an `EventLogFailure` and none of it. */
export const commit = async <T>({ root }: Environment, work: () => T): Promise<T> => {
  try {
    // A child, because an error in a transaction that has no parent would leave half of the work to be committed.
    return await root.childTransaction(work)
  } catch (error) {
    const cause = await reasonOf(error)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new EventLogFailure(`nothing could be appended: ${reason}`, { cause })
  }
}

/**
 * Whether a transaction can begin. After a failed write of its root page LMDB refuses all others until it is opened
 * anew, and `commit` would then wait for ever. Blocks while another process commits, so only for after a failure.
 */
export const canBegin = ({ root }: Environment): boolean => {
  try {
    root.transactionSync(() => undefined)
    return true
  } catch {
    return false
  }
}
