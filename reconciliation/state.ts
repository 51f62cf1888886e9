import { type Position, start } from '../domain/position.ts'
import type { Where } from '../domain/repair/difference.ts'
import { type Digest, plus } from './digest.ts'

/** Digests of everything from the beginning, by place and part. */
export type Sums = ReadonlyMap<string, { readonly expected: Digest; readonly found: Digest }>

export const noSums: Sums = new Map()

export const sumKey = (where: Where, part: string): string => `${where} ${part}`

export const addSums = (one: Sums, other: Sums): Sums => {
  const sums = new Map(one)
  for (const [key, { expected, found }] of other) {
    const known = sums.get(key)
    sums.set(
      key,
      known === undefined
        ? { expected, found }
        : { expected: plus(known.expected, expected), found: plus(known.found, found) },
    )
  }
  return sums
}

/** A walk through everything from the beginning, which looks for what was changed since it was first compared. */
export type Round = {
  /** ISO 8601, UTC. */
  readonly begunAt: string
  /** Where it ends: what was compared when it began. */
  readonly through: Position
  readonly at: Position
  /** Where it is among records without a source: a place, and how far there; undefined before the first. */
  readonly stray?: { readonly where: Where; readonly after: string | null }
  /** Of what it has walked through, and of what was compared anew since it began. */
  readonly sums: Sums
  readonly anew: Sums
}

/** How far everything was compared. It is kept beside the differences, so that a reconciler goes on where another ended. */
export type State = {
  /** How many rounds were begun. */
  readonly rounds: number
  /** Up to where each log was compared once. */
  readonly position: Position
  /** Of everything up to there, as last seen. */
  readonly sums: Sums
  readonly round?: Round
  readonly lastRound?: { readonly begunAt: string; readonly endedAt: string; readonly position: Position }
}

export const firstState: State = { rounds: 0, position: start, sums: noSums }
