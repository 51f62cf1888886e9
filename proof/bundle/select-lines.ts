import { type Line, textOf } from '../line.ts'
import type { ProvedLog } from '../proved-log.ts'
import type { ProvedCheckpoint } from '../statements.ts'
import { leafHash, stretchFrom } from '../tree.ts'
import { skippedText } from './skipped.ts'

/** Which events of a log a bundle has: those with sequences from `from` to `to` that are wanted. */
export type Selection = {
  readonly from: number
  readonly to: number
  readonly isWanted: (line: Line) => boolean
}

/** What a log is selected from. */
export type Source = {
  readonly lines: ProvedLog
  /** What was signed of it, in order. */
  readonly checkpoints: readonly ProvedCheckpoint[]
}

const batch = 2_000

/** The checkpoint that a selection is proved by: the first that is about all of it, or else the last there is. */
export const provedBy = ({ checkpoints }: Source, { to }: Selection): ProvedCheckpoint | undefined =>
  checkpoints.find(({ sequence }) => sequence >= to) ?? checkpoints.at(-1)

/**
 * The lines of a bundle's log: those of the events that are wanted, and between them the stretches that are left out, so
 * that together they are the tree of the checkpoint `provedBy`. A stretch ends at each checkpoint from the last one before
 * the selection on, so that each of those is proved too. Hears of each event that was looked at.
 */
export async function* selectLines(source: Source, selection: Selection, onEvent: () => void): AsyncGenerator<string> {
  const end = provedBy(source, selection)
  if (end === undefined) return
  const begin = source.checkpoints.findLast(({ sequence }) => sequence < selection.from)
  const sizes = new Set(source.checkpoints.map(({ size }) => size))
  if (begin !== undefined) yield skippedText({ from: 0, subtrees: begin.tree.subtrees() })
  let number = begin?.size ?? 0
  let sequence = begin?.sequence ?? 0
  let gap = stretchFrom(number)
  const skipped = (): readonly string[] => {
    const { begin: from, subtrees } = gap
    const left = number > from ? [skippedText({ from, subtrees: subtrees() })] : []
    gap = stretchFrom(number)
    return left
  }

  while (number < end.size) {
    const some = await source.lines.linesAfter(sequence, Math.min(batch, end.size - number))
    if (some.length === 0) throw new Error(`the log ends after event ${sequence}, and event ${end.sequence} was signed`)
    for (const line of some) {
      const isIn = line.sequence >= selection.from && line.sequence <= selection.to && selection.isWanted(line)
      if (isIn) {
        yield* skipped()
        yield textOf(line)
        number += 1
        gap = stretchFrom(number)
      } else {
        gap.push({ level: 0, hash: leafHash(textOf(line)) })
        number += 1
        if (sizes.has(number)) yield* skipped()
      }
      sequence = line.sequence
      onEvent()
    }
  }
  yield* skipped()
}
