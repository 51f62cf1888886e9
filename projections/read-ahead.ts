import { sequenceIn } from '../domain/position.ts'
import type { LogBatch } from './log-reader.ts'
import type { LogEvent } from './unread.ts'

/** All events of a log after those handed out before, up to and including `upTo`, in order and each once. */
export type Piece = { readonly events: readonly LogEvent[]; readonly upTo: number }

/** What a log's reader has brought and nobody has taken yet. */
export type Ahead = {
  /** The next piece, of at most `limit` events; undefined when there is nothing new. Throws when nothing more will come. */
  take(): Piece | undefined
  /** Resolves when there is something new, when reading ends, when `signal` is aborted, and after `timeoutMs`. */
  change(timeoutMs: number, signal: AbortSignal): Promise<void>
  /** Stops reading. */
  end(): void
}

/** What a batch brings after `after`. A reader may repeat itself; one that leaves the log's order would make us lie. */
const newIn = (batch: LogBatch, log: number, after: number): Piece => {
  const upTo = Math.max(after, sequenceIn(batch.position, log))
  const events = batch.events.filter(({ sequence }) => sequence > after)
  let last = after
  for (const event of events) {
    if (event.log !== log || event.sequence <= last || event.sequence > upTo)
      throw new Error(
        `after ${last} came sequence ${event.sequence} of log ${event.log}, in a batch of log ${log} up to ${upTo}`,
      )
    last = event.sequence
  }
  return { events, upTo }
}

/** Reads what a log has after `after` while the consumer is busy, until some `limit` events wait for it. */
export const readAhead = (batches: AsyncIterable<LogBatch>, log: number, after: number, limit: number): Ahead => {
  const waiting: LogEvent[] = []
  let upTo = after
  let taken = after
  let over = false
  let failure: unknown
  let wakeConsumer = (): void => undefined
  let wakeReader = (): void => undefined

  const read = async (): Promise<void> => {
    for await (const batch of batches) {
      const piece = newIn(batch, log, upTo)
      for (const event of piece.events) waiting.push(event)
      upTo = piece.upTo
      wakeConsumer()
      while (waiting.length >= limit && !over) await new Promise<void>((resolve) => (wakeReader = resolve))
      if (over) return
    }
    throw new Error(`the reader of log ${log} has ended`)
  }
  read()
    .catch((error: unknown) => {
      failure = error
    })
    .finally(() => wakeConsumer())

  return {
    take: () => {
      // What came before a failure has come.
      if (upTo === taken && failure !== undefined) throw failure
      if (upTo === taken) return undefined
      const events = waiting.splice(0, limit)
      taken = waiting.length === 0 ? upTo : (events.at(-1)?.sequence ?? taken)
      wakeReader()
      return { events, upTo: taken }
    },
    change: (timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        signal.addEventListener('abort', done, { once: true })
        wakeConsumer = done
        if (signal.aborted || upTo > taken || failure !== undefined) done()
      }),
    end: () => {
      over = true
      wakeReader()
    },
  }
}
