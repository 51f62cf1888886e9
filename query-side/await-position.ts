import { setTimeout as wait } from 'node:timers/promises'
import { type Position, reached } from '../domain/position.ts'
import { Problem } from '../http/problem.ts'
import { type Cursor, cursorOf, type Projection, positionOfCursor } from './snapshot.ts'
import type { QueryShards } from './shards.ts'

const pauseMs = 5

/** The 503 for a position that a reader has not come to in time; `position` is where it stands. */
export const notYetProjected = (position: Position): Problem =>
  new Problem(503, 'notYetProjected', `The position asked for is not reached yet; reading has come to ${position}`, {
    headers: { 'Retry-After': '1', 'Daybook-Position': position },
  })

/** Asks again and again, at most for `timeoutMs`, until the position is there; 503 `notYetProjected` if it never is. */
export const untilReached = async (
  current: () => Promise<Position>,
  wanted: Position,
  timeoutMs: number,
): Promise<void> => {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const position = await current()
    if (reached(position, wanted)) return
    if (performance.now() >= deadline) throw notYetProjected(position)
    await wait(pauseMs)
  }
}

/** Where a projection has come to in all of the schemas. */
export type CurrentPosition = (schemas: readonly string[], projection: Projection) => Promise<Position>

/** Reads cursors; however many wait for the same ones, one statement at a time is under way. */
export const currentPosition = (shards: QueryShards): CurrentPosition => {
  const underWay = new Map<string, Promise<Position>>()
  return (schemas, projection) => {
    const text = `select (${cursorOf(schemas, projection)}) as cursor`
    const already = underWay.get(text)
    if (already !== undefined) return already
    const position = shards
      .query<{ readonly cursor: Cursor }>(text, [])
      .then((rows) => positionOfCursor(rows[0]?.cursor ?? {}))
      .finally(() => underWay.delete(text))
    underWay.set(text, position)
    return position
  }
}
