/** For somebody who has to be done in time: `signal` is aborted when time is up, `met` is called when it is done before. */
export type Deadline = { readonly signal: AbortSignal; readonly met: () => void }

type Moment = { readonly beganAt: number; readonly signal: AbortSignal; readonly open: Set<() => void>; end(): void }

const beginMoment = (beganAt: number, timeoutMs: number): Moment => {
  const abort = new AbortController()
  const open = new Set<() => void>()
  const timer = setTimeout(() => {
    for (const missed of open) missed()
    abort.abort()
  }, timeoutMs)
  return { beganAt, signal: abort.signal, open, end: () => clearTimeout(timer) }
}

/**
 * Gives deadlines `timeoutMs` from now, and calls `missed` for each that is not met. Those that begin in the same
 * millisecond share a timer and a signal: for a command each they would cost more than deciding it.
 */
export const createDeadlines = (timeoutMs: number): ((missed: () => void) => Deadline) => {
  let latest: Moment | undefined

  return (missed) => {
    const now = Math.floor(performance.now())
    if (latest?.beganAt !== now || latest.open.size === 0) latest = beginMoment(now, timeoutMs)
    const { signal, open, end } = latest
    open.add(missed)
    return {
      signal,
      met: () => {
        open.delete(missed)
        if (open.size === 0) end()
      },
    }
  }
}
