import { positionAt } from '../domain/position.ts'
import { comparePage } from './compare-page.ts'
import { addSums, noSums, type Round, type State } from './state.ts'
import { behindIn, countLogs, moved, pageAt, type Parts } from './steps.ts'

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

/** Looks at the records themselves at the next place; the round without `stray` is at the beginning of the first. */
const compareStrays = async (parts: Parts, state: State, round: Round): Promise<State> => {
  const { where, after } = round.stray ?? { where: parts.places[0]?.where, after: null }
  const index = parts.places.findIndex((place) => place.where === where)
  const place = parts.places[index]
  if (place === undefined) return endRound(parts, state, round)
  const { differences, next } = await place.strays(after ?? undefined, await parts.book.wrong())
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
