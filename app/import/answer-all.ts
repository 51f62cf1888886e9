import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import type { Answer, PostBatch } from './post-batch.ts'

/** How long nothing may be answered before the import gives up, and how long it waits between two tries at most. */
export type Patience = { readonly patienceMs: number; readonly longestWaitMs: number }

/** The server could not take the command now; the same line again is safe because of its key. */
const isUndecided = (status: number): boolean => status === 409 || status === 429 || status >= 500

/**
 * Sends lines until each has its answer, in their order: what is not answered, or answered by "not now", is sent again
 * under the same keys. Throws a `StartError` when it makes no sense to go on.
 */
export const answerAll = async (
  post: PostBatch,
  lines: readonly string[],
  { patienceMs, longestWaitMs }: Patience,
  signal: AbortSignal,
): Promise<readonly Answer[]> => {
  const final = new Map<number, Answer>()
  let open = lines.map((_, index) => index)
  let waitMs = 100
  let stuckSince = Date.now()
  while (true) {
    const { answers, failure, fatal, retryAfterMs } = await post(
      open.flatMap((index) => lines[index] ?? []),
      signal,
    )
    if (fatal) throw new StartError(`the server refuses the import: ${failure}`)
    const before = final.size
    let lastRefusal = failure
    open.forEach((index, sent) => {
      const answer = answers.get(sent)
      if (!answer) return
      if (isUndecided(answer.status)) lastRefusal = answer.problem?.detail
      else final.set(index, { ...answer, index })
    })
    open = open.filter((index) => !final.has(index))
    if (open.length === 0) return lines.flatMap((_, index) => final.get(index) ?? [])
    if (final.size > before) [stuckSince, waitMs] = [Date.now(), 100]
    if (Date.now() - stuckSince > patienceMs) {
      throw new StartError(`no answer for ${Math.round(patienceMs / 1_000)} s (${lastRefusal}); import again to go on`)
    }
    await sleep(Math.min(retryAfterMs ?? waitMs * (0.5 + Math.random()), longestWaitMs), undefined, { signal })
    waitMs = Math.min(waitMs * 2, longestWaitMs)
  }
}
