/** Two signals closer than this are one: npm passes on the Ctrl-C that the terminal has sent already. */
const oneKeyMs = 500

const parentCheckIntervalMs = 250

/** Waits for Ctrl-C or SIGTERM. */
export type Interruption = {
  /** Aborted by the first of them. */
  readonly signal: AbortSignal
  /** Stops waiting. */
  end(): void
}

/**
 * From now on the first signal aborts `signal`, and another one later calls `force`. `endWithParent`: the end of the
 * process that started this one counts as a signal. The shell that npm starts us with is ended by a SIGTERM to npm and
 * passes nothing on.
 */
export const onInterruption = (force: () => void, endWithParent: boolean): Interruption => {
  const controller = new AbortController()
  let firstAt = 0
  const hear = (): void => {
    if (!controller.signal.aborted) {
      firstAt = Date.now()
      controller.abort()
    } else if (Date.now() - firstAt > oneKeyMs) force()
  }
  const parent = process.ppid
  const orphaned = (): void => {
    if (!controller.signal.aborted) hear()
  }
  const checkParent = (): void => {
    if (process.ppid !== parent) orphaned()
  }
  // One that was killed before this process looked at it has left its channel closed, or about to be.
  const isForked = process.send !== undefined
  if (endWithParent && isForked) {
    process.on('disconnect', orphaned)
    // Whoever waits for the signal listens to it first.
    if (!process.connected) queueMicrotask(orphaned)
  }
  const parentCheck = endWithParent ? setInterval(checkParent, parentCheckIntervalMs).unref() : undefined
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, hear)
  return {
    signal: controller.signal,
    end: () => {
      clearInterval(parentCheck)
      process.off('disconnect', orphaned)
      for (const name of names) process.off(name, hear)
    },
  }
}
