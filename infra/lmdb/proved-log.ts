import type { Line } from '../../proof/line.ts'
import type { ProvedLog } from '../../proof/proved-log.ts'
import { type Entry, hashOf, previousSequenceOf, revisionOf, streamOf, textOf } from './entry.ts'
import { renew } from './environment.ts'
import { entriesIn } from './page.ts'
import { openStore } from './store.ts'
import { entriesOf, pageBefore } from './walk.ts'

// What a batch may weigh, whatever its limit: events can be large.
const batchBytes = 4 * 1024 * 1024

const lineOf = (entry: Entry, sequence: number): Line => ({
  sequence,
  stream: streamOf(entry),
  revision: revisionOf(entry),
  hash: hashOf(entry),
  event: textOf(entry),
})

/** The same where it says of its predecessor what its revision says. Throws where it does not. */
const linked = (entry: Entry, sequence: number): Line => {
  if ((previousSequenceOf(entry) === 0) === (revisionOf(entry) === 0)) return lineOf(entry, sequence)
  throw new Error(`event ${sequence} names another predecessor than its own`)
}

/** A log to be proved, as one process has it open. */
export type OpenProvedLog = ProvedLog & {
  /** Until what it gives is called, no page of the log's file that holds something now is used anew. */
  pin(): () => void
  close(): Promise<void>
}

/** Opens the log in a folder to be proved, also while others write to it. Throws where there is none. */
export const openProvedLog = (path: string): OpenProvedLog => {
  const store = openStore({ path, readOnly: true })
  return {
    linesAfter: async (after, limit) => {
      renew(store.environment)
      const lines: Line[] = []
      let bytes = 0
      const start = pageBefore(store.environment, after + 1)?.key ?? 1
      for (const { key, value } of store.environment.log.getRange({ start, end: Number.MAX_SAFE_INTEGER })) {
        let sequence = key - 1
        for (const entry of entriesIn(value)) {
          sequence += 1
          if (sequence <= after) continue
          if (lines.length >= limit || bytes >= batchBytes) return lines
          bytes += entry.length
          lines.push(lineOf(entry, sequence))
        }
      }
      return lines
    },
    linesOf: async (stream, from, limit) => {
      renew(store.environment)
      store.index.follow()
      const tail = store.index.tail(stream)
      if (tail === undefined || from > tail.revision) return []
      return entriesOf(store.environment, stream, tail, from, Math.min(tail.revision, from + limit - 1), linked)
    },
    pin: () => {
      renew(store.environment)
      const transaction = store.environment.root.useReadTransaction()
      return () => transaction.done()
    },
    close: () => store.environment.root.close(),
  }
}
