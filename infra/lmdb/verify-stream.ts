import type { StreamId } from '../../domain/event.ts'
import { chain, hashOf, noHash, revisionOf, streamOf } from './entry.ts'
import { entryAt, sequencesOf } from './walk.ts'
import type { Store } from './store.ts'

/**
 * Computes the hashes of a stream anew. Answers how many events it has, and the revision of the first that is not what
 * was written there, if any.
 */
export const verifyStream = (
  { environment, index }: Store,
  stream: StreamId,
): { readonly events: number; readonly broken?: number } => {
  index.follow()
  const last = index.last(stream)
  if (last === 0) return { events: 0 }
  const events = revisionOf(entryAt(environment, last)) + 1
  let previous = noHash
  for (const [revision, sequence] of sequencesOf(environment, stream, last, 0, events - 1).entries()) {
    const entry = Buffer.from(entryAt(environment, sequence))
    const hash = hashOf(entry)
    if (hashOf(chain(entry, previous)) !== hash || streamOf(entry) !== stream || revisionOf(entry) !== revision) {
      return { events, broken: revision }
    }
    previous = hash
  }
  return { events }
}
