import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import type { Decision } from '../decider.ts'
import type { DomainEvent } from '../event.ts'
import type { Rules, Told } from '../judge.ts'

/** One thing done to a stream by somebody who can write to the store: where, with which other event, by how much. */
export type Tampering = {
  readonly how: 'removed' | 'repeated' | 'swapped' | 'amount' | 'id' | 'time'
  readonly at: number
  readonly other: number
  readonly by: number
}

export const tamperingArbitrary: fc.Arbitrary<Tampering> = fc.record({
  how: fc.constantFrom('removed', 'repeated', 'swapped', 'amount', 'id', 'time'),
  at: fc.nat(40),
  other: fc.nat(40),
  by: fc.constantFrom(-200, -7, -1, 1, 7, 200),
})

type Data = Readonly<Record<string, unknown>>
const dataOf = (event: DomainEvent): Data => event.data

const withData = <E extends Told>(event: E, more: Data): E => ({ ...event, data: { ...event.data, ...more } })

const otherThan = (data: Data, other: Data, name: string): Data[] =>
  name in other && other[name] !== data[name] ? [{ [name]: other[name] }] : []

/** The stream with that done to it; unchanged where it cannot be done there. */
export const tampered = <E extends Told>(events: readonly E[], { how, at, other, by }: Tampering): readonly E[] => {
  const one = events[at % events.length]
  const two = events[other % events.length]
  if (one === undefined || two === undefined) return events
  const index = events.indexOf(one)
  switch (how) {
    case 'removed':
      return events.toSpliced(index, 1)
    case 'repeated':
      return events.toSpliced(index + 1 + (other % (events.length - index)), 0, one)
    case 'swapped':
      return events.with(index, two).with(events.indexOf(two), one)
    case 'amount': {
      const amounts = Object.entries(dataOf(one)).filter(([, value]) => typeof value === 'bigint')
      const [name, value] = amounts[other % amounts.length] ?? []
      const changed = typeof value === 'bigint' ? value + BigInt(by) : -1n
      // Less than nothing is not valid by any schema.
      return name === undefined || changed < 1n ? events : events.with(index, withData(one, { [name]: changed }))
    }
    case 'id': {
      // The stream's own is the same in all events, so there is no other for it.
      const changes = Object.keys(dataOf(one)).flatMap((name) =>
        name.endsWith('Id') ? events.flatMap(({ data }) => otherThan(dataOf(one), data, name)) : [],
      )
      return changes.length === 0 ? events : events.with(index, withData(one, changes[other % changes.length] ?? {}))
    }
    case 'time': {
      const recordedAt = new Date(Date.parse(one.recordedAt) + by * 3_600_000).toISOString()
      return events.with(index, { ...one, recordedAt })
    }
  }
}

/**
 * Whether a stream is what some commands come to, found the slow way: of all commands in the words of an event and the
 * next, one has to give just what stands there.
 */
export const isMadeBy = <State, Command, E extends DomainEvent>(
  {
    initialState,
    evolve,
    decide,
  }: Pick<Rules<State, E>, 'initialState' | 'evolve'> & {
    readonly decide: (command: Command, state: State) => Decision<E>
  },
  candidates: (event: Told & E, next: E | undefined) => readonly Command[],
  events: readonly (Told & E)[],
): boolean => {
  let state = initialState
  let left = events
  for (let [event] = left; event !== undefined; [event] = left) {
    const before = state
    const decisions = candidates(event, left[1]).map((command) => decide(command, before))
    const made = decisions.find(
      (decision) => decision.type === 'accepted' && decision.events.length > 0 && beginWith(left, decision.events),
    )
    if (made?.type !== 'accepted') return false
    state = left.slice(0, made.events.length).reduce(evolve, before)
    left = left.slice(made.events.length)
  }
  return true
}

/** With just these, appended together. */
const beginWith = (events: readonly Told[], decided: readonly DomainEvent[]): boolean => {
  const standing = events.slice(0, decided.length)
  const [first] = standing
  return (
    isDeepStrictEqual(
      decided.map(({ type, data }) => ({ type, data })),
      standing.map(({ type, data }) => ({ type, data })),
    ) && standing.every(({ recordedAt }) => recordedAt === first?.recordedAt)
  )
}
