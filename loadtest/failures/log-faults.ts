import type { RecordedEvent } from '../../domain/event.ts'

const operations = new Set(['captureId', 'refundId', 'voidId', 'incrementId', 'disputeId'])

/** What the log has twice, by its id or by what it did, and where a stream has a hole. */
export const logFaults = (log: readonly RecordedEvent[]): string[] => {
  const faults: string[] = []
  const seen = new Set<string>()
  const lengths = new Map<string, number>()
  for (const { id, stream, revision, type, data } of log) {
    const [, operation = revision] = Object.entries(data).find(([name]) => operations.has(name)) ?? []
    for (const name of [id, `${stream} ${type} ${String(operation)}`]) {
      if (seen.has(name)) faults.push(`the log has ${name} twice`)
      seen.add(name)
    }
    const length = lengths.get(stream) ?? 0
    if (revision !== length) faults.push(`${stream} has revision ${revision} after ${length - 1}`)
    lengths.set(stream, revision + 1)
  }
  return faults
}
