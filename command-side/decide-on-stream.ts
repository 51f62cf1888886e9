import { randomUUID } from 'node:crypto'
import type { DomainEvent, NewEvent, StreamId } from '../domain/event.ts'
import { house } from '../domain/merchant/role.ts'
import type { Position } from '../domain/position.ts'
import { Problem } from '../http/problem.ts'
import type { EventStore } from './event-store.ts'
import { type Fold, foldStream } from './fold-stream.ts'
import { newEvents } from './new-events.ts'

/** When it was decided (ISO 8601, UTC, milliseconds), and for which request. */
export type Occasion = { readonly now: string; readonly traceId: string }

/** What was decided, and what the stream has come to; a reader at `position` sees it. */
export type Decided<State, E extends DomainEvent> = {
  readonly before: State
  readonly state: State
  readonly events: readonly NewEvent<E>[]
  readonly position: Position
}

const maxAttempts = 10

/**
 * Decides on a stream of the house, which has few events, and appends what is decided. Throws 409 `conflict` when others
 * never let it.
 */
export const decideOnStream = async <State extends { readonly revision: number }, E extends DomainEvent>(
  store: EventStore,
  stream: StreamId,
  fold: Fold<State, E>,
  decide: (state: State) => readonly E[],
  { now, traceId }: Occasion,
): Promise<Decided<State, E>> => {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await foldStream(store, stream, fold)
    const decided = decide(before)
    if (decided.length === 0) return { before, state: before, events: [], position: await store.head() }

    // A name that nobody else can give: of two calls that decide the same, one must find the stream changed.
    const events = newEvents(stream, randomUUID(), decided, { merchantId: house, traceId }, now)
    const expected = before.revision === -1 ? 'none' : before.revision
    const result = await store.append(stream, expected, events as readonly NewEvent<DomainEvent>[])
    if (result.type === 'wrongRevision') continue
    return { before, state: events.reduce(fold.evolve, before), events, position: result.position }
  }
  throw new Problem(409, 'conflict', 'Others kept changing it; try again', { headers: { 'Retry-After': '1' } })
}
