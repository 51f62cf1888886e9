import { chained, type Line, lineOf } from '../line.ts'
import type { Digest } from '../digest.ts'
import type { Finding, ProvedCheckpoint } from '../statements.ts'
import { leafHash, rootOf, type Stretch, stretchFrom } from '../tree.ts'
import { leftOut, type Promised } from './left-out.ts'
import { skippedOf } from './skipped.ts'

/** A log as a bundle has it. */
export type BundledLog = {
  readonly log: number
  /** What was signed of it, in order. */
  readonly checkpoints: readonly ProvedCheckpoint[]
  readonly promised: Promised
  /** What else is wrong with a line, if anything. */
  readonly faultOf: (line: Line) => string | undefined
  readonly onFinding: (finding: Finding) => void
}

/** What a bundle's log came to: the events it has, how many are left out, and how much of it is under a checkpoint. */
export type Bundled = {
  readonly events: number
  readonly skipped: number
  readonly size: number
  readonly root: Digest
  /** The checkpoint that proves all of it; undefined where none does. */
  readonly provedBy: ProvedCheckpoint | undefined
}

/** The last event of a stream that the bundle has. */
type End = Pick<Line, 'revision' | 'hash'>

/** Whether an event follows from the one before it in its stream, where the bundle has that. */
const follows = (line: Line, before: End | undefined): boolean => {
  if (line.revision === 0) return before === undefined && line.hash === chained(line)
  if (before === undefined || line.revision > before.revision + 1) return true
  return line.revision === before.revision + 1 && line.hash === chained(line, before.hash)
}

const push = (tree: Stretch, text: string): boolean => {
  const skipped = skippedOf(text)
  if (skipped === undefined || skipped.from !== tree.end()) return false
  try {
    for (const subtree of skipped.subtrees) tree.push(subtree)
    return true
  } catch {
    return false
  }
}

/** Verifies the lines of a bundle's log with nothing but themselves and what was signed. */
export const verifyLines = async (texts: AsyncIterable<string>, given: BundledLog): Promise<Bundled> => {
  const { log, checkpoints, promised, faultOf, onFinding } = given
  const tree = stretchFrom(0)
  const signed = new Map(checkpoints.map((checkpoint) => [checkpoint.size, checkpoint]))
  const ends = new Map<string, End>()
  const omitted = leftOut(promised)
  let provedBy: ProvedCheckpoint | undefined
  let [events, number, sequence] = [0, 0, 0]

  for await (const text of texts) {
    number += 1
    const found = (what: string): void => onFinding({ where: `log-${log}.ndjson, line ${number}`, what })
    const line = lineOf(text)
    if (line !== undefined) {
      if (line.sequence <= sequence) found(`it stands after event ${sequence}`)
      const before = ends.get(line.stream)
      ends.set(line.stream, { revision: line.revision, hash: line.hash })
      if (!follows(line, before)) found('it does not follow the event before it in its stream')
      for (const fault of [omitted.event(line, tree.end(), before?.revision), faultOf(line)])
        if (fault !== undefined) found(fault)
      tree.push({ level: 0, hash: leafHash(text) })
      sequence = line.sequence
      events += 1
    } else if (push(tree, text)) omitted.skipped()
    else found('it is neither an event nor a stretch that was left out')

    const checkpoint = signed.get(tree.end())
    if (checkpoint === undefined) continue
    const isIt = checkpoint.root === rootOf(tree) && checkpoint.sequence >= sequence
    if (isIt) provedBy = checkpoint
    else found(`what stands up to here is not what was signed at ${checkpoint.time}`)
  }
  const size = tree.end()
  if (provedBy?.size !== size) onFinding({ where: `log-${log}.ndjson`, what: 'its end is under no checkpoint' })
  const atEnds = omitted.ends(size)
  if (atEnds !== undefined) onFinding({ where: `log-${log}.ndjson`, what: atEnds })
  return { events, skipped: size - events, size, root: rootOf(tree), provedBy }
}
