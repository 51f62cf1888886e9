import type { RecordedEvent } from '../domain/event.ts'

/** The events of the streams whose names begin so, by what comes after; streams in the order of their first event. */
export const streamsOf = <Event extends Pick<RecordedEvent, 'stream'>>(
  prefix: string,
  events: readonly Event[],
): ReadonlyMap<string, readonly Event[]> => {
  const streams = new Map<string, Event[]>()
  for (const event of events) {
    if (!event.stream.startsWith(prefix)) continue
    const id = event.stream.slice(prefix.length)
    const stream = streams.get(id)
    if (stream === undefined) streams.set(id, [event])
    else stream.push(event)
  }
  return streams
}

/** How far a stream has been followed, and the last event that counted. */
export type Followed<State> = { readonly state: State; readonly last: RecordedEvent }

/**
 * Folds a stream's events onto what is known of it; undefined when none of them is new. Revisions that `known` has seen
 * already are passed over. Throws where one is missing, and what `evolve` throws.
 */
export const follow = <State extends { readonly revision: number }>(
  known: State | undefined,
  events: readonly RecordedEvent[],
  evolve: (state: State | undefined, event: RecordedEvent) => State,
): Followed<State> | undefined => {
  let state = known
  let followed: Followed<State> | undefined
  for (const event of events) {
    const expected = (state?.revision ?? -1) + 1
    if (event.revision < expected) continue
    if (event.revision > expected) throw new Error(`revision ${event.revision} where ${expected} was expected`)
    state = evolve(state, event)
    if (state.revision !== event.revision) throw new Error(`${event.type} at revision ${event.revision}`)
    followed = { state, last: event }
  }
  return followed
}
