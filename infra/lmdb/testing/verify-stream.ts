import type { StreamId } from '../../../domain/event.ts'
import { chain, hashOf, noHash, revisionOf, streamOf } from '../entry.ts'
import type { Store } from '../store.ts'
import { entriesOf } from '../walk.ts'

// Events can be large: so many are in memory at once.
const stride = 1_000

/**
 * Computes the hashes of a stream anew. Answers how many events it has, and the revision of the first that is not what
 * was written there, if any.
 */
export const verifyStream = (
  { environment, index }: Store,
  stream: StreamId,
): { readonly events: number; readonly broken?: number } => {
  index.follow()
  const tail = index.tail(stream)
  if (tail === undefined) return { events: 0 }
  const events = tail.revision + 1
  let previous = noHash
  for (let revision = 0; revision < events; ) {
    const to = Math.min(revision + stride, events) - 1
    for (const entry of entriesOf(environment, stream, tail, revision, to, (found) => Buffer.from(found))) {
      const hash = hashOf(entry)
      if (chain(entry, previous) !== hash || streamOf(entry) !== stream || revisionOf(entry) !== revision) {
        return { events, broken: revision }
      }
      previous = hash
      revision += 1
    }
  }
  return { events }
}
