import { setTimeout as wait } from 'node:timers/promises'
import { lowest, type Position, positionAt, reached, sequenceIn, sequencesIn } from '../domain/position.ts'
import type { LogReader } from '../projections/log-reader.ts'
import type { Logger } from '../projections/logger.ts'
import type { Book, Count } from './book/book.ts'
import { comparePage } from './compare-page.ts'
import { idOf } from './difference.ts'
import type { Page } from './page.ts'
import type { Place } from './place.ts'
import { readPage } from './read-page.ts'
import { addSums, noSums, type Round, type State } from './state.ts'

/** What a reconciler works with. */
export type Parts = {
  readonly logs: readonly Pick<LogReader, 'readAll'>[]
  readonly head: () => Promise<Position>
  readonly places: readonly Place[]
  readonly book: Book
  /** Is given each page that was compared for the first time, before it counts as compared: repairs are ordered there. */
  readonly onPage: (page: Page) => Promise<void>
  readonly now: () => Date
}

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

/** The position up to which all places have what the log has. */
export const commonPosition = async ({ places, head }: Pick<Parts, 'places' | 'head'>): Promise<Position> => {
  // Asked before the log: what is there then, the log has.
  const there = await Promise.all(places.map((place) => place.reached()))
  return lowest([...there, await head()])
}

/** So many records without a source are looked for again, to see whether they are gone. */
const mostStrays = 10_000

const countLogs = (parts: Parts): number => parts.logs.length

/** The first log that was not compared as far, with where it stands. */
const behindIn = (parts: Parts, at: Position, upTo: Position): number | undefined =>
  Array.from({ length: countLogs(parts) }, (_, log) => log).find((log) => sequenceIn(at, log) < sequenceIn(upTo, log))

const moved = (parts: Parts, at: Position, log: number, sequence: number): Position =>
  positionAt(Array.from({ length: countLogs(parts) }, (_, each) => (each === log ? sequence : sequenceIn(at, each))))

const pageAt = (parts: Parts, at: Position, upTo: Position, log: number): Promise<Page> => {
  const reader = parts.logs[log]
  if (reader === undefined) throw new RangeError(`there is no log ${log}`)
  return readPage(reader, log, sequenceIn(at, log), sequenceIn(upTo, log))
}

/** Compares the next page that is new; the same state where there is none. */
export const compareNew = async (parts: Parts, state: State, upTo: Position, signal: AbortSignal): Promise<State> => {
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

/** A round from the beginning to what was compared by now. */
const beginRound = (parts: Parts, state: State): State => ({
  ...state,
  rounds: state.rounds + 1,
  round: {
    begunAt: parts.now().toISOString(),
    through: state.position,
    at: positionAt(Array.from({ length: countLogs(parts) }, () => 0)),
    sums: noSums,
    anew: noSums,
  },
})

/** Looks for records without a source at the next place; the round without `stray` is at the beginning of the first. */
const compareStrays = async (parts: Parts, state: State, round: Round): Promise<State> => {
  const { where, after } = round.stray ?? { where: parts.places[0]?.where, after: null }
  const index = parts.places.findIndex((place) => place.where === where)
  const place = parts.places[index]
  if (place === undefined) return endRound(parts, state, round)
  const { differences, next } = await place.strays(after ?? undefined)
  const following = parts.places[index + 1]
  if (next === undefined && following === undefined) {
    await parts.book.write(state.rounds, [], differences)
    return endRound(parts, state, round)
  }
  const stray =
    next === undefined ? { where: following?.where ?? place.where, after: null } : { where: place.where, after: next }
  const walked: State = { ...state, round: { ...round, stray } }
  await parts.book.write(state.rounds, [], differences, walked)
  return walked
}

const endRound = async (parts: Parts, state: State, { begunAt, through, sums, anew }: Round): Promise<State> => {
  const { round: _, ...rest } = state
  const ended: State = {
    ...rest,
    sums: addSums(sums, anew),
    lastRound: { begunAt, endedAt: parts.now().toISOString(), position: through },
  }
  await parts.book.write(state.rounds, [{ type: 'round', round: state.rounds }], [], ended)
  return ended
}

/** Goes one page or piece on with the round, which is begun where there is none. */
export const goRound = async (parts: Parts, given: State, signal: AbortSignal): Promise<State> => {
  const state = given.round === undefined ? beginRound(parts, given) : given
  const { round } = state
  if (round === undefined) return state
  const log = behindIn(parts, round.at, round.through)
  if (log === undefined) return compareStrays(parts, state, round)
  const page = await pageAt(parts, round.at, round.through, log)
  const { sums, differences, looked } = await comparePage(parts.places, page, signal)
  const at = moved(parts, round.at, log, page.upTo)
  const next: State = { ...state, round: { ...round, at, sums: addSums(round.sums, sums) } }
  await parts.book.write(next.rounds, looked, differences, next)
  return next
}

/**
 * Compares everything up to a position once, now; what differs is in the book afterwards. Goes on from the beginning
 * however far a reconciler is, and changes nothing about that.
 */
export const compareAll = async (
  parts: Parts,
  upTo: Position,
  onProgress: (at: Position) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { rounds } = await parts.book.read()
  const before = (await parts.book.known(mostStrays)).filter(({ kind }) => kind === 'ahead')
  const seen = new Set<string>()
  let at = positionAt(Array.from({ length: countLogs(parts) }, () => 0))
  for (let log = behindIn(parts, at, upTo); log !== undefined; log = behindIn(parts, at, upTo)) {
    signal.throwIfAborted()
    const page = await pageAt(parts, at, upTo, log)
    const { differences, looked } = await comparePage(parts.places, page, signal)
    await parts.book.write(rounds, looked, differences)
    for (const each of differences) seen.add(idOf(each))
    at = moved(parts, at, log, page.upTo)
    onProgress(at)
  }
  for (const place of parts.places)
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      signal.throwIfAborted()
      const { differences, next } = await place.strays(after)
      await parts.book.write(rounds, [], differences)
      for (const each of differences) seen.add(idOf(each))
      after = next
    }
  const gone = before.filter(({ id }) => !seen.has(id))
  await parts.book.write(
    rounds,
    gone.map(({ id }) => ({ type: 'one', id })),
    [],
  )
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
      const isNew = next !== state
      const isCaughtUp = reached(next.position, common)
      if (parts.now().getTime() >= dueAt(next, intervalMs, isCaughtUp)) next = await goRound(parts, next, signal)
      const isWork = next !== state
      state = next
      onState(state, await parts.book.counts())
      pauseMs = firstPauseMs
      const { user, system } = process.cpuUsage(cpuBefore)
      const restedMs = restMs(performance.now() - begunAt, (user + system) / 1_000)
      await rest(isWork || isNew ? restedMs : idleMs)
    } catch (error) {
      state = undefined
      if (signal.aborted) return
      logger.warn({ err: error, pauseMs }, 'nothing can be reconciled now')
      await rest(pauseMs)
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    }
  }
}
