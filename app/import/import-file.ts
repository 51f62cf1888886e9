import { readFile } from 'node:fs/promises'
import { StartError, messageOf } from '../start-error.ts'
import { type Patience, answerAll } from './answer-all.ts'
import { batches } from './batches.ts'
import { parseMapping } from './mapping.ts'
import { type ReadRow, openTable } from './open-table.ts'
import type { PostBatch } from './post-batch.ts'
import type { Progress } from './progress.ts'
import { rejectedFile } from './rejected-file.ts'
import { type Tally, createTally } from './tally.ts'
import { createMapper } from './to-command.ts'

/** How many rows go into one request. */
const batchSize = 500

const patience: Patience = { patienceMs: 60_000, longestWaitMs: 2_000 }

export type ImportOrder = {
  /** A .csv, or a .zip with one .csv in it. */
  readonly file: string
  /** The mapping's file. */
  readonly mapping: string
  /** How many requests are under way at once. */
  readonly concurrency: number
}

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
  post: PostBatch,
  progressOf: (totalBytes: number) => Progress,
  stop: AbortSignal,
): Promise<ImportResult> => {
  const mapping = await readMapping(mappingPath)
  const table = await openTable(file, mapping.delimiter)
  const map = createMapper(mapping, table.header)
  const rejected = await rejectedFile(file, table.header, mapping.delimiter ?? ',')
  const progress = progressOf(table.totalBytes)
  const tally = createTally()
  const failed = new AbortController()
  let doneBytes = 0

  const sendRows = async (rows: readonly ReadRow[]): Promise<void> => {
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
    const answers = lines.length === 0 ? [] : await answerAll(post, lines, patience, failed.signal)
    for (const answer of answers) {
      const reason = tally.add(answer)
      if (reason !== undefined) await rejected.add(sent[answer.index]?.row.fields ?? [], reason)
    }
    doneBytes = Math.max(doneBytes, rows.at(-1)?.endByte ?? 0)
    progress.update(doneBytes, tally.rows)
  }

  const groups = batches(table.rows, batchSize)
  const worker = async (): Promise<void> => {
    while (!stop.aborted && !failed.signal.aborted) {
      const next = await groups.next()
      if (next.done === true) return
      await sendRows(next.value)
    }
  }
  try {
    const ended = await Promise.allSettled(
      Array.from({ length: concurrency }, () =>
        worker().catch((error: unknown) => {
          failed.abort()
          throw error
        }),
      ),
    )
    const failure = ended.find((end) => end.status === 'rejected' && !isAbort(end.reason))
    if (failure?.status === 'rejected') throw failure.reason
  } finally {
    progress.stop()
    await groups.return()
    await rejected.close()
  }
  return { tally, rejectedPath: rejected.path }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError'
