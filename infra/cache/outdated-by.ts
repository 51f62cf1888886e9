import type { RecordedEvent } from '../../domain/event.ts'

const ofTransactions = /^(?:payment|payout)-(.+)$/

/**
 * The payments and payouts of which caches may have something older than these events, by their ids, with the version that
 * the events bring. Those that begin here nobody can have.
 */
export const outdatedBy = (events: readonly RecordedEvent[]): ReadonlyMap<string, number> => {
  const begun = new Set<string>()
  const versions = new Map<string, number>()
  for (const { stream, revision } of events) {
    const id = ofTransactions.exec(stream)?.[1]
    if (id === undefined) continue
    if (revision === 0) begun.add(id)
    if (!begun.has(id)) versions.set(id, Math.max(revision, versions.get(id) ?? 0))
  }
  return versions
}
