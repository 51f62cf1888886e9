import { LRUCache } from 'lru-cache'
import type { AppendResult, EventStore, ExpectedRevision } from '../../../command-side/event-store.ts'
import type { NewEvent } from '../../../domain/event.ts'

/** What an append expects of its stream; `any` revision, or that it `exists`. */
export type Expected = ExpectedRevision | 'any' | 'exists'

/** What a request expects that names this revision, or none. */
export const expectedBy = (
  revision: string | undefined,
  options: { hasAny(): boolean; hasStreamExists(): boolean },
): Expected => {
  if (revision !== undefined) return Number(revision)
  return options.hasAny() ? 'any' : options.hasStreamExists() ? 'exists' : 'none'
}

/** Appends as the server does. */
export type Append = (stream: string, expected: Expected, events: readonly NewEvent[]) => Promise<AppendResult>

const remembered = 10_000

/**
 * Appends to a log. Where any revision will do, ids that it has seen are told from new ones by what it remembers, and
 * that is gone with the process, as a real server's is: who relies on it has its events twice.
 */
export const appendingTo = (store: EventStore): Append => {
  const seen = new LRUCache<string, AppendResult>({ max: remembered })

  const appendAnywhere = async (stream: string, mustExist: boolean, events: readonly NewEvent[]) => {
    const name = `${stream} ${events.map(({ id }) => id).join()}`
    const known = seen.get(name)
    if (known !== undefined) return known
    for (;;) {
      const revision = await store.streamRevision(stream)
      if (mustExist && revision === 'none') return { type: 'wrongRevision', actual: 'none' } as const
      const result = await store.append(stream, revision, events)
      if (result.type === 'wrongRevision') continue
      seen.set(name, result)
      return result
    }
  }
  return (stream, expected, events) =>
    expected === 'any' || expected === 'exists'
      ? appendAnywhere(stream, expected === 'exists', events)
      : store.append(stream, expected, events)
}
