import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/** A process that is started again whenever it ends. */
export type Supervised = {
  readonly name: string
  /** The process that runs now, if one does. */
  current(): ChildProcess | undefined
  /** Resolves, and not otherwise, when it has ended too often to be started again. */
  readonly gaveUp: Promise<StartError>
  /** Ends it for good: SIGTERM, and SIGKILL after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>
}

export type RestartRule = {
  /** So many ends within `windowMs` are too many. */
  readonly maxEnds: number
  readonly windowMs: number
  /** Doubles with each end in the window. */
  readonly firstWaitMs: number
}

type Log = { warn(fields: Readonly<Record<string, unknown>>, message: string): void }

const endOf = async (child: ChildProcess): Promise<string> => {
  if (child.pid === undefined) return 'could not be started'
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.signalCode ?? `exit code ${child.exitCode}`
}

/** Runs what `start` starts until `stop`; `start` is called again after each end. */
export const supervise = (name: string, start: () => ChildProcess, rule: RestartRule, log: Log): Supervised => {
  let child: ChildProcess | undefined
  const stopping = new AbortController()

  const run = async (): Promise<StartError> => {
    const ends: number[] = []
    while (true) {
      child = start()
      child.on('error', (error) => log.warn({ err: error }, `the ${name} has a problem`))
      const end = await endOf(child)
      child = undefined
      if (stopping.signal.aborted) return new Promise(() => undefined)
      const now = Date.now()
      ends.push(now)
      while (ends[0] !== undefined && ends[0] < now - rule.windowMs) ends.shift()
      if (ends.length >= rule.maxEnds) {
        return new StartError(`the ${name} ended ${ends.length} times in a row (${end}); see the lines above`)
      }
      log.warn({ end }, `the ${name} ended and is started again`)
      await sleep(rule.firstWaitMs * 2 ** (ends.length - 1), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      )
      if (stopping.signal.aborted) return new Promise(() => undefined)
    }
  }

  return {
    name,
    current: () => child,
    gaveUp: run(),
    async stop(timeoutMs) {
      stopping.abort()
      const last = child
      if (!last) return
      last.kill('SIGTERM')
      const force = setTimeout(() => last.kill('SIGKILL'), timeoutMs)
      await endOf(last)
      clearTimeout(force)
    },
  }
}
