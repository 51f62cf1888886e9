import { setTimeout as sleep } from 'node:timers/promises'
import { textOf } from './line.ts'
import type { ProvedLog } from './proved-log.ts'
import type { Signing } from './signing.ts'
import type { ProvedCheckpoint } from './statements.ts'
import { leafHash, rootOf, stretchFrom } from './tree.ts'

/** When there is a checkpoint: so many events after the last one, or so many milliseconds where there are any at all. */
export type Pace = { readonly events: number; readonly ms: number }

export type NotaryDeps = {
  readonly log: number
  readonly lines: ProvedLog
  /** The log's last checkpoint; undefined before the first. */
  readonly last: ProvedCheckpoint | undefined
  readonly signing: Signing
  readonly pace: Pace
  /** Hears of each checkpoint, once it is durable. */
  readonly onCheckpoint: (note: string, size: number) => void
}

/** The log does not hold what was signed of it. */
export class LogDiffers extends Error {
  override name = 'LogDiffers'
}

const batch = 2_000
const lookAgainMs = 200

/** Whether the log still has the last event that was signed. */
const checkLast = async ({ lines, log, last }: NotaryDeps): Promise<void> => {
  if (last === undefined) return
  const [line] = await lines.linesAfter(last.sequence - 1, 1)
  if (line?.sequence !== last.sequence)
    throw new LogDiffers(`log ${log} has no event ${last.sequence}, which was signed`)
}

/**
 * Reads the log on from its last checkpoint, grows its tree and has a checkpoint signed whenever it is time, until
 * `signal` is aborted. Throws `LogDiffers` where the log is shorter than its last checkpoint.
 */
export const runNotary = async (deps: NotaryDeps, signal: AbortSignal): Promise<void> => {
  const { log, lines, last, signing, pace, onCheckpoint } = deps
  await checkLast(deps)
  const tree = last?.tree ?? stretchFrom(0)
  let sequence = last?.sequence ?? 0
  let signed = { size: tree.end(), atMs: performance.now() }

  const sign = async (): Promise<void> => {
    const note = await signing.checkpoint(log, tree, rootOf(tree), sequence)
    signed = { size: tree.end(), atMs: performance.now() }
    onCheckpoint(note, signed.size)
  }
  const isTime = (): boolean =>
    tree.end() - signed.size >= pace.events || (tree.end() > signed.size && performance.now() - signed.atMs >= pace.ms)

  while (!signal.aborted) {
    const wanted = Math.min(batch, signed.size + pace.events - tree.end())
    const found = await lines.linesAfter(sequence, wanted)
    for (const line of found) tree.push({ level: 0, hash: leafHash(textOf(line)) })
    sequence = found.at(-1)?.sequence ?? sequence
    if (isTime()) await sign()
    // At the end of the log it lets some come together, rather than read each few for themselves.
    else if (found.length < wanted)
      await sleep(Math.min(lookAgainMs, pace.ms), undefined, { signal }).catch(() => undefined)
  }
}
