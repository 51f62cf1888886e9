import { type Line, textOf } from './line.ts'
import { knownIds } from './known-ids.ts'
import type { Digest } from './digest.ts'
import type { ProvedLog } from './proved-log.ts'
import type { Finding, ProvedCheckpoint } from './statements.ts'
import { leafHash, rootOf, type Stretch, stretchFrom } from './tree.ts'
import { type Judge, type OnFault, verifyStream } from './verify-stream.ts'

/** A log to be verified, and how. */
export type LogToVerify = {
  /** Which log. */
  readonly log: number
  readonly lines: ProvedLog
  /** Whether each event's sequence is one more than that of the event before it. */
  readonly dense: boolean
  /** What was signed of this log, in order. */
  readonly checkpoints: readonly ProvedCheckpoint[]
  readonly judge: (stream: string) => Judge
  /** Where to begin; the log's beginning where absent. */
  readonly from?: ProvedCheckpoint
  /** The last sequence to be looked at; the log's end where absent. */
  readonly to?: number
  readonly onFinding: (finding: Finding) => void
  /** Hears how many events were looked at, now and then. */
  readonly onProgress: (events: number) => void
}

/** What a log came to: how many events were looked at, and the root over all up to the last of them. */
export type Verified = { readonly events: number; readonly size: number; readonly root: Digest }

const batch = 2_000
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Reads a log in its order and each stream in its own, and compares: sequences, hashes, what was signed, ids, and that
 * both orders show the same events. Memory holds 32 bytes for each event, and what streams begun have yet to show.
 */
export const verifyLog = async (given: LogToVerify): Promise<Verified> => {
  const { log, lines, dense, judge, from, to = Number.MAX_SAFE_INTEGER, onFinding, onProgress } = given
  const checkpoints = given.checkpoints.filter(({ sequence }) => sequence > (from?.sequence ?? 0))
  const ids = knownIds()
  // What the streams that have begun will show later in the log: its leaves by their sequences.
  const announced = new Map<number, Digest>()
  let tree: Stretch = stretchFrom(0, from?.tree.subtrees())
  let sequence = from?.sequence ?? 0
  let events = 0

  const found: OnFault = ({ sequence: at, stream, revision }, what) =>
    onFinding({ where: `log ${log}, event ${at} (${stream}, revision ${revision})`, what })

  /** Checks the stream of an event, and announces what of it the log has to have later on. */
  const checkStream = async (line: Line, leaf: Digest): Promise<void> => {
    const leaves = await verifyStream(lines, line.stream, judge(line.stream), ids, found)
    if (leaves.get(line.sequence) !== leaf) return found(line, 'its stream does not have it')
    for (const [at, hash] of leaves) if (at > line.sequence) announced.set(at, hash)
  }

  const check = async (line: Line): Promise<void> => {
    const leaf = leafHash(textOf(line))
    tree.push({ level: 0, hash: leaf })
    const isAnnounced = announced.get(line.sequence)
    if (isAnnounced === undefined && (line.revision === 0 || from !== undefined))
      return checkStream(line, leaf).catch((error: unknown) =>
        found(line, `its stream cannot be read: ${messageOf(error)}`),
      )
    announced.delete(line.sequence)
    if (isAnnounced !== leaf)
      found(line, isAnnounced === undefined ? 'its stream does not have it' : 'its stream has it otherwise')
  }

  let next = 0
  /** Compares with what was signed of the log up to `upTo`, and goes on from there as it was signed. */
  const compare = (upTo: number): void => {
    for (
      let signed = checkpoints[next];
      signed !== undefined && signed.sequence <= upTo;
      signed = checkpoints[++next]
    ) {
      if (signed.size === tree.end() && signed.root === rootOf(tree)) continue
      const since = checkpoints[next - 1]?.sequence ?? from?.sequence ?? 0
      const where = `log ${log}, events ${since + 1} to ${signed.sequence}`
      onFinding({ where, what: `they are not those that were signed at ${signed.time}` })
      tree = stretchFrom(0, signed.tree.subtrees())
    }
  }

  const read = async (): Promise<readonly Line[]> => {
    try {
      return await lines.linesAfter(sequence, batch)
    } catch (error) {
      onFinding({ where: `log ${log}, after event ${sequence}`, what: `it cannot be read: ${messageOf(error)}` })
      return []
    }
  }
  for (let before = -1; before < sequence && sequence < to; ) {
    before = sequence
    for (const line of await read()) {
      if (line.sequence > to) break
      const isNext = dense ? line.sequence === sequence + 1 : line.sequence > sequence
      if (!isNext) found(line, `it stands after event ${sequence}`)
      compare(line.sequence - 1)
      await check(line)
      compare(line.sequence)
      sequence = Math.max(sequence, line.sequence)
      events += 1
    }
    onProgress(events)
  }
  if (to === Number.MAX_SAFE_INTEGER) {
    compare(Number.MAX_SAFE_INTEGER)
    for (const [at] of announced)
      onFinding({ where: `log ${log}, event ${at}`, what: 'its stream has it, the log does not' })
  }
  return { events, size: tree.end(), root: rootOf(tree) }
}
