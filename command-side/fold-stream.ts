import type { Dated, DomainEvent, StreamId } from '../domain/event.ts'
import type { EventStore } from './event-store.ts'

/** How a stream that holds events of one kind becomes a state; `revision` is -1 before the first of them. */
export type Fold<State, E extends DomainEvent> = {
  readonly initialState: State
  readonly evolve: (state: State, event: Dated<E>) => State
}

const pageSize = 1_000

/** A stream's state as it is now, read on from what is `known` of it. Nothing else may ever be appended to the stream. */
export const foldStream = async <State extends { readonly revision: number }, E extends DomainEvent>(
  { readStream }: Pick<EventStore, 'readStream'>,
  stream: StreamId,
  { initialState, evolve }: Fold<State, E>,
  known: State = initialState,
): Promise<State> => {
  let state = known
  for (;;) {
    const page = (await readStream(stream, state.revision + 1, pageSize)) as readonly Dated<DomainEvent>[]
    state = (page as readonly Dated<E>[]).reduce(evolve, state)
    if (page.length < pageSize) return state
  }
}
