import type { ResolvedEvent } from '@eventstore/db-client'
import { LRUCache } from 'lru-cache'
import type { ExpectedRevision } from '../../command-side/event-store.ts'
import type { StreamId } from '../../domain/event.ts'
import type { Digest } from '../../proof/digest.ts'
import { chained, type Line } from '../../proof/line.ts'
import { takePrevious } from './previous.ts'
import { sequenceOf } from './recorded.ts'

/** The line of an event as the server gives it. Its text is as the server has it, and its hash follows from that. */
export const lineOf = (resolved: ResolvedEvent): Line => {
  const { event } = resolved
  if (event === undefined) throw new Error('an event that is not there')
  const text = JSON.stringify(event.data)
  const place = { sequence: sequenceOf(resolved), stream: event.streamId, revision: Number(event.revision) }
  const unchained = { ...place, event: text }
  return { ...unchained, hash: chained(unchained, takePrevious(structuredClone(event.data))) }
}

/** Where streams end, as far as this process has read or written them of late. */
export type Ends = {
  know(stream: StreamId, end: Pick<Line, 'revision' | 'hash'>): void
  /** The hash of the event that an append with this expectation comes after; undefined where there is none. */
  before(stream: StreamId, expected: ExpectedRevision): Promise<Digest | undefined>
}

const remembered = 65_536

/** `read` gives an event of a stream; undefined for one that is not there. */
export const endsOf = (read: (stream: StreamId, revision: number) => Promise<Line | undefined>): Ends => {
  const ends = new LRUCache<StreamId, Pick<Line, 'revision' | 'hash'>>({ max: remembered })
  return {
    know: (stream, { revision, hash }) => {
      if ((ends.get(stream)?.revision ?? -1) <= revision) ends.set(stream, { revision, hash })
    },
    before: async (stream, expected) => {
      if (expected === 'none') return undefined
      const known = ends.get(stream)
      if (known?.revision === expected) return known.hash
      return (await read(stream, expected))?.hash
    },
  }
}
