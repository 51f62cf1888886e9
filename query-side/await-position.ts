import { setTimeout as wait } from 'node:timers/promises'
import { lowest, type Position, reached } from '../domain/position.ts'
import { Problem } from '../http/problem.ts'
import type { Projection, QueryShards } from './shards.ts'
import { type Cursor, cursorOf, positionOfCursor } from './snapshot.ts'

const pauseMs = 5

/** The 503 for a position that a reader has not come to in time; `position` is where it stands. */
export const notYetProjected = (position: Position): Problem =>
  new Problem(503, 'notYetProjected', `The position asked for is not reached yet; reading has come to ${position}`, {
    headers: { 'Retry-After': '1', 'Daybook-Position': position },
  })

/**
 * Asks again and again, at most until `deadline` on the clock of `performance.now()`, until the position is there; 503
 * `notYetProjected` if it never is.
 */
export const untilReached = async (
  current: () => Promise<Position>,
  wanted: Position,
  deadline: number,
): Promise<void> => {
  for (;;) {
    const position = await current()
    if (reached(position, wanted)) return
    if (performance.now() >= deadline) throw notYetProjected(position)
    await wait(pauseMs)
  }
}

/** Where a projection has come to in all of the schemas. */
export type CurrentPosition = (schemas: readonly string[], projection: Projection) => Promise<Position>

type Row = { readonly cursor: Cursor }

/** Reads cursors; however many wait for the same ones, one question at a time is under way. */
export const currentPosition = (shards: QueryShards): CurrentPosition => {
  const underWay = new Map<string, Promise<Position>>()
  return (schemas, projection) => {
    const key = `${projection} ${schemas.join(' ')}`
    const already = underWay.get(key)
    if (already !== undefined) return already
    const position = shards
      .ask<Row>({
        projection,
        schemas,
        newest: true,
        statement: (here) => ({ text: `select (${cursorOf(here, projection)}) as cursor`, values: [] }),
      })
      .then((answers) => lowest(answers.flat().map(({ cursor }) => positionOfCursor(cursor))))
      .finally(() => underWay.delete(key))
    underWay.set(key, position)
    return position
  }
}
