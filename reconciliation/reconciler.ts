import { setTimeout as wait } from 'node:timers/promises'
import { type Position, reached, sequencesIn } from '../domain/position.ts'
import type { Logger } from '../projections/logger.ts'
import type { Count } from './book/book.ts'
import { comparePage } from './compare-page.ts'
import { restsAfter } from './pace.ts'
import { goRound } from './round.ts'
import { addSums, type State } from './state.ts'
import { behindIn, commonPosition, moved, pageAt, type Parts } from './steps.ts'

/** How a reconciler goes about it, and who hears of it. */
export type Running = {
  /** How long a round through everything should take. */
  readonly intervalMs: number
  /** How long it rests after work that took so long, and so long of a processor, so that others are not kept from theirs. */
  readonly restMs: (tookMs: number, cpuMs: number) => number
  readonly logger: Logger
  readonly onState: (state: State, counts: readonly Count[]) => void
}

const firstPauseMs = 200
const longestPauseMs = 10_000
/** How long it waits for more where there is nothing to do. */
const idleMs = 500

/** Compares the next page that is new; the same state where there is none. */
const compareNew = async (parts: Parts, state: State, upTo: Position, signal: AbortSignal): Promise<State> => {
  const log = behindIn(parts, state.position, upTo)
  if (log === undefined) return state
  const page = await pageAt(parts, state.position, upTo, log)
  const { sums, differences, looked } = await comparePage(parts.places, page, signal)
  await parts.onPage(page)
  const next: State = {
    ...state,
    position: moved(parts, state.position, log, page.upTo),
    sums: addSums(state.sums, sums),
    ...(state.round === undefined ? {} : { round: { ...state.round, anew: addSums(state.round.anew, sums) } }),
  }
  await parts.book.write(next.rounds, looked, differences, next)
  return next
}

const events = (position: Position): number => sequencesIn(position).reduce((sum, sequence) => sum + sequence, 0)

/**
 * When the next step of a round is due, so that its steps are spread over the interval. What is new comes first, and a round
 * waits for it to begin; but not for ever where more comes than can be compared.
 */
const dueAt = ({ round, lastRound }: State, intervalMs: number, isCaughtUp: boolean): number => {
  if (round === undefined && lastRound === undefined) return isCaughtUp ? 0 : Number.POSITIVE_INFINITY
  if (round === undefined) return Date.parse(lastRound?.begunAt ?? '') + (isCaughtUp ? 1 : 2) * intervalMs
  const done = events(round.at) / Math.max(1, events(round.through))
  return Date.parse(round.begunAt) + done * 0.9 * intervalMs
}

/**
 * Compares what is new as soon as all places have it, and everything there is once in each interval, until `signal` is
 * aborted. Whatever fails is tried again with growing pauses from where the book says.
 */
export const runReconciler = async (
  parts: Parts,
  { intervalMs, restMs, logger, onState }: Running,
  signal: AbortSignal,
): Promise<void> => {
  let pauseMs = firstPauseMs
  let state: State | undefined
  const rest = (ms: number): Promise<unknown> => wait(ms, undefined, { signal }).catch(() => undefined)
  while (!signal.aborted) {
    try {
      const begunAt = performance.now()
      const cpuBefore = process.cpuUsage()
      state ??= await parts.book.read()
      const common = await commonPosition(parts)
      let next = await compareNew(parts, state, common, signal)
      const isCaughtUp = reached(next.position, common)
      if (parts.now().getTime() >= dueAt(next, intervalMs, isCaughtUp)) next = await goRound(parts, next, signal)
      const isWork = next !== state
      const done = events(next.position) - events(state.position)
      const left = events(common) - events(next.position)
      state = next
      onState(state, await parts.book.counts())
      pauseMs = firstPauseMs
      const { user, system } = process.cpuUsage(cpuBefore)
      const tookMs = performance.now() - begunAt
      const fullMs = restMs(tookMs, (user + system) / 1_000)
      const times = restsAfter({ eachMs: tookMs + fullMs, done, left }, intervalMs)
      await rest(isWork ? times * fullMs : idleMs)
    } catch (error) {
      state = undefined
      if (signal.aborted) return
      logger.warn({ err: error, pauseMs }, 'nothing can be reconciled now')
      await rest(pauseMs)
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    }
  }
}
