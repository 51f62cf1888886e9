/**
 * A place in the whole history, opaque to clients: one number per log, joined by dots. The embedded profile has one
 * log, so its positions are plain decimal numbers. A missing component counts as 0, the place before the first event.
 */
export type Position = string

/** The position before the first event. */
export const start: Position = '0'

/** The position of one event: its sequence in its own log, nothing in the logs before it. */
export const positionOf = (event: { readonly log: number; readonly sequence: number }): Position =>
  event.log === 0 ? String(event.sequence) : `${'0.'.repeat(event.log)}${event.sequence}`

const componentsOf = (position: Position): number[] => position.split('.').map(Number)

/** Whether a reader at `cursor` has seen everything up to `wanted`, in every log. */
export const reached = (cursor: Position, wanted: Position): boolean => {
  const seen = componentsOf(cursor)
  return componentsOf(wanted).every((sequence, log) => (seen[log] ?? 0) >= sequence)
}

/** The lowest place that all of the given readers have reached; `start` for none. */
export const lowest = (positions: readonly Position[]): Position => {
  if (positions.length === 0) return start
  const all = positions.map(componentsOf)
  const logs = Math.max(...all.map((components) => components.length))
  return Array.from({ length: logs }, (_, log) => Math.min(...all.map((components) => components[log] ?? 0))).join('.')
}

/** The sequence a position names in one log. */
export const sequenceIn = (position: Position, log: number): number => componentsOf(position)[log] ?? 0

/** Whether a client's string can be a position at all: safe integers joined by dots. */
export const isPosition = (text: string): boolean =>
  /^\d{1,16}(\.\d{1,16}){0,63}$/.test(text) && componentsOf(text).every(Number.isSafeInteger)

/** One sequence per log, from log 0 on. */
export const sequencesIn = (position: Position): readonly number[] => componentsOf(position)

/** The place of a reader that has seen each log up to the given sequence. */
export const positionAt = (sequences: readonly number[]): Position =>
  sequences.length === 0 ? start : sequences.join('.')
