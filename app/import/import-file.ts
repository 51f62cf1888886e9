import { readFile } from 'node:fs/promises'
import { StartError, messageOf } from '../start-error.ts'
import { type Patience, answerAll } from './answer-all.ts'
import { type OutcomePatience, awaitOutcomes } from './await-outcomes.ts'
import { batches } from './batches.ts'
import { eachAtOnce } from './each-at-once.ts'
import { parseMapping } from './mapping.ts'
import { type ReadRow, openTable } from './open-table.ts'
import type { PostBatch } from './post-batch.ts'
import type { Progress } from '../progress.ts'
import type { ReadPayment } from './read-payment.ts'
import { rejectedFile } from './rejected-file.ts'
import { type Tally, createTally } from './tally.ts'
import { createMapper } from './to-command.ts'

/** How many rows go into one request. */
const batchSize = 500

const patience: Patience = { patienceMs: 60_000, longestWaitMs: 2_000 }
const outcomePatience: OutcomePatience = { patienceMs: 120_000, pauseMs: 1_500 }

export type ImportOrder = {
  /** A .csv, or a .zip with one .csv in it. */
  readonly file: string
  /** The mapping's file. */
  readonly mapping: string
  /** How many requests are under way at once. */
  readonly concurrency: number
}

/** The ledger, as an import needs it. */
export type Ledger = { readonly post: PostBatch; readonly read: ReadPayment }

export type ImportResult = { readonly tally: Tally; readonly rejectedPath: string }

const readMapping = async (path: string) =>
  parseMapping(
    await readFile(path, 'utf8').catch((error: unknown) => {
      throw new StartError(`${path} cannot be read: ${messageOf(error)}`)
    }),
  )

/**
 * Sends every row of a file as a command. Rows that cannot be sent or are refused go into the rejected file; the import
 * can be repeated or taken up again by the same call, since each row has its key. Stops early without an error when
 * `stop` is aborted: what is under way is finished, nothing new is begun.
 */
export const importFile = async (
  { file, mapping: mappingPath, concurrency }: ImportOrder,
  { post, read }: Ledger,
  progressOf: (totalBytes: number) => Progress,
  stop: AbortSignal,
): Promise<ImportResult> => {
  const mapping = await readMapping(mappingPath)
  const table = await openTable(file, mapping.delimiter)
  const map = createMapper(mapping, table.header)
  const rejected = await rejectedFile(file, table.header, mapping.delimiter ?? ',')
  const progress = progressOf(table.totalBytes)
  const tally = createTally()
  let doneBytes = 0

  const sendRows = async (rows: readonly ReadRow[], signal: AbortSignal): Promise<void> => {
    const sent: { readonly row: ReadRow; readonly line: string }[] = []
    for (const row of rows) {
      const mapped = map(row.fields)
      if (mapped.type === 'line') {
        sent.push({ row, line: mapped.line })
        continue
      }
      tally.addUnmapped()
      await rejected.add(row.fields, mapped.reason)
    }
    const lines = sent.map(({ line }) => line)
    const answers = lines.length === 0 ? [] : await answerAll(post, lines, patience, signal)
    for (const answer of answers) {
      const reason = tally.add(answer)
      if (reason !== undefined) await rejected.add(sent[answer.index]?.row.fields ?? [], reason)
    }
    doneBytes = Math.max(doneBytes, rows.at(-1)?.endByte ?? 0)
    progress.update(doneBytes, tally.rows)
  }

  try {
    await eachAtOnce(batches(table.rows, batchSize), concurrency, sendRows, stop)
    const outcomes = await awaitOutcomes(read, tally.pending(), outcomePatience, stop)
    for (const [id, payment] of outcomes) tally.resolve(id, payment)
  } finally {
    progress.stop()
    await rejected.close()
  }
  return { tally, rejectedPath: rejected.path }
}
