import { setTimeout as wait } from 'node:timers/promises'
import { start } from '../../domain/position.ts'
import { Problem } from '../../http/problem.ts'
import type { Logger } from '../logger.ts'
import { forget, type ForgetTools } from './forget.ts'
import type { Forgotten, Forgetting, ToForget } from './requests.ts'

/** Forgets customers beside requests, so that an answer need not wait for a long log to be read. */
export type ForgettingDesk = {
  /** Begins it, or hears of one that has begun; resolves when it is done, or after a while. */
  ask(toForget: ToForget): Promise<Forgetting>
  /** Ends what is under way between two pages; asked for again it begins anew. */
  stop(): Promise<void>
}

type Run = { readonly outcome: Promise<Forgotten>; soFar: Pick<Forgetting, 'position' | keyof Forgotten> }

const mostRuns = 2
const nothing = { found: 0, transactions: 0, plain: { count: 0, first: [] }, unreadable: 0 }

/** `waitMs`: how long an answer waits for the end. */
export const forgettingDesk = (tools: ForgetTools & { readonly logger: Logger }, waitMs = 20_000): ForgettingDesk => {
  const runs = new Map<string, Run>()
  const ending = new AbortController()

  const begin = (name: string, toForget: ToForget): Run => {
    if (runs.size >= mostRuns)
      throw new Problem(503, 'overloaded', 'Others are being forgotten; try again in a moment', {
        headers: { 'Retry-After': '10' },
      })
    const onProgress = (position: string, soFar: Forgotten): void => {
      run.soFar = { position, ...soFar }
    }
    const outcome = forget(tools, toForget, onProgress, ending.signal).finally(() => runs.delete(name))
    // Whoever asks hears of it; nobody may ask any more.
    outcome.catch((error: unknown) => tools.logger.warn({ err: error }, 'forgetting was not finished'))
    const run: Run = { outcome, soFar: { position: start, ...nothing } }
    runs.set(name, run)
    return run
  }

  return {
    ask: async (toForget) => {
      const { merchantId, subject } = toForget
      const name = `${merchantId} ${subject.id}`
      const run = runs.get(name) ?? begin(name, toForget)
      const answered = new AbortController()
      const tooLong = wait(waitMs, false, { signal: answered.signal }).catch(() => false)
      const done = await Promise.race([run.outcome.then(() => true), tooLong]).finally(() => answered.abort())
      return { merchantId, customerId: subject.id, done, ...run.soFar }
    },
    stop: async () => {
      ending.abort()
      await Promise.allSettled([...runs.values()].map(({ outcome }) => outcome))
    },
  }
}
