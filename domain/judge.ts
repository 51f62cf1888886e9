import { accept, type Decision } from './decider.ts'
import type { Dated, DomainEvent, EventMetadata, StreamId } from './event.ts'
import { ownerOf } from './owner.ts'
import { same } from './same.ts'

/** An event as far as it tells how it came about. */
export type Told = Dated & { readonly metadata: EventMetadata }

/** How a stream of one kind is judged. `decide` and `evolve` are its decider's. */
export type Rules<State, E extends DomainEvent> = {
  readonly initialState: State
  readonly evolve: (state: State, event: Dated<E>) => State
  readonly belongs: (event: Told) => event is Told & E
  readonly streamOf: (event: E) => StreamId
  /** What comes of the command that the event tells of. */
  readonly decide: (event: Told & E, state: State) => Decision<E>
  /** What was decided, with what the event says of things that are not in its stream, as far as they can be so. */
  readonly told: (decided: E, event: E) => E
}

/** Judges one event after another, from a stream's first on: why no decider gives it there, undefined where one does. */
export type Judge = {
  readonly next: (event: Told) => string | undefined
  /** Why the stream cannot end where it does. */
  readonly end: () => string | undefined
}

/** A judge of one stream. It is done with at the first fault that it finds. */
export const judgeBy = <State, E extends DomainEvent>(rules: Rules<State, E>, stream: StreamId): Judge => {
  let state = rules.initialState
  /** Decided with the event before, and appended with it. */
  let due: readonly E[] = []
  let recordedAt = ''

  return {
    next: (event) => {
      const { type } = event
      if (!rules.belongs(event)) return `${type} is of another kind of stream`
      if (rules.streamOf(event) !== stream) return `${type} is of another stream`
      if (event.metadata.merchantId !== ownerOf(event)) return `${type} has another merchant in its metadata`
      if (due.length > 0 && event.recordedAt !== recordedAt) return `${type} was not recorded with what it belongs to`

      const decision = due.length > 0 ? accept(...due) : rules.decide(event, state)
      if (decision.type === 'rejected') return `${type} is refused: ${decision.rejection}`
      const [decided] = decision.events
      if (decided?.type !== type) return `${type} stands where ${decided?.type ?? 'nothing'} was decided`
      const found = difference(rules.told(decided, event), event)
      if (found !== undefined) return found

      state = rules.evolve(state, event)
      due = decision.events.slice(1)
      recordedAt = event.recordedAt
      return undefined
    },
    end: () => (due[0] === undefined ? undefined : `${due[0].type} is missing, which was decided with the last event`),
  }
}

/** Names members that deciders know, and no others. */
const difference = (decided: DomainEvent, { type, data }: DomainEvent): string | undefined => {
  if (same(decided.data, data)) return undefined
  const members = new Map<string, unknown>(Object.entries(data))
  const others = Object.entries(decided.data).flatMap(([name, value]) => (same(value, members.get(name)) ? [] : [name]))
  return others.length === 0
    ? `${type} says more than was decided`
    : `${type} was decided with another ${others.join(', ')}`
}
