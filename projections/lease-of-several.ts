import { setTimeout as wait } from 'node:timers/promises'
import type { RelayLease } from './relay-lease.ts'

/** How long a place that did not answer the last time is waited for: the others are not held up by it again and again. */
const awayMs = 500

type Call<Answer> = (lease: RelayLease) => Promise<Answer>

/**
 * One lease that is kept in several places, so that it does not end with one of them. It is had where no place that answers
 * refuses it; places are asked in their order, so that of two who want it one gets nothing. Who has it renews it in all
 * places and leaves its checkpoint there, and has lost it when the first place that answers says so. So where some see one
 * place and some another, there may be two for as long as that lasts, whose records are sent twice, and one afterwards. Of
 * several checkpoints each was confirmed, and the furthest counts: a place that comes back after a day takes nobody back.
 */
export const leaseOfSeveral = (places: readonly RelayLease[]): RelayLease => {
  const away = new Set<RelayLease>()

  const ask = async <Answer>(place: RelayLease, call: Call<Answer>): Promise<Answer> => {
    const wasAway = away.has(place)
    const asked = call(place).then(
      (answer) => {
        away.delete(place)
        return answer
      },
      (error: unknown) => {
        away.add(place)
        throw error
      },
    )
    if (!wasAway) return asked
    const answered = new AbortController()
    const late = wait(awayMs, undefined, { signal: answered.signal }).then(
      () => Promise.reject(new Error('a place of the lease that was away does not answer yet')),
      () => asked,
    )
    return Promise.race([asked, late]).finally(() => answered.abort())
  }
  const releaseIn = async (some: readonly RelayLease[], log: number): Promise<void> => {
    await Promise.allSettled(some.map((place) => ask(place, (lease) => lease.release(log))))
  }
  const renew =
    (log: number, checkpoint: number): Call<boolean> =>
    async (lease) => {
      if (await lease.keep(log, checkpoint)) return true
      // It may have been away when this lease was taken.
      return (await lease.take(log)) !== undefined && lease.keep(log, checkpoint)
    }

  return {
    take: async (log) => {
      const taken: RelayLease[] = []
      const checkpoints: number[] = []
      let failure: unknown
      for (const place of places) {
        try {
          const checkpoint = await ask(place, (lease) => lease.take(log))
          if (checkpoint === undefined) {
            await releaseIn(taken, log)
            return undefined
          }
          taken.push(place)
          checkpoints.push(checkpoint)
        } catch (error) {
          failure = error
        }
      }
      if (checkpoints.length === 0) throw failure
      return Math.max(...checkpoints)
    },
    keep: async (log, checkpoint) => {
      const answers = await Promise.allSettled(places.map((place) => ask(place, renew(log, checkpoint))))
      const first = answers.find((answer) => answer.status === 'fulfilled')
      if (first === undefined) throw answers.find((answer) => answer.status === 'rejected')?.reason
      if (!first.value) await releaseIn(places, log)
      return first.value
    },
    release: (log) => releaseIn(places, log),
  }
}
