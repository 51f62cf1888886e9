import type { Digest } from './digest.ts'
import type { KnownIds } from './known-ids.ts'
import { chained, type Line, textOf } from './line.ts'
import type { ProvedLog } from './proved-log.ts'
import { leafHash } from './tree.ts'

/** What is asked about an event: its id, and what is wrong with it, if anything. */
export type Judgement = { readonly id?: string; readonly fault?: string }
/** Judges the events of one stream, from its first on, and says at last why it cannot end where it does. */
export type Judge = { readonly next: (line: Line) => Judgement; readonly end: () => string | undefined }

/** Where an event stands. */
export type Place = Pick<Line, 'sequence' | 'stream' | 'revision'>
/** Hears of what is wrong with an event. */
export type OnFault = (place: Place, what: string) => void

/** As many as lie between two milestones of a stream, so that each of those is used. */
const stride = 128

/**
 * Checks a stream from its first event to its last: revisions, order in the log, hashes, ids, and each event by its judge.
 * Gives the leaves of its events by their sequences, up to the first that is not its own.
 */
export const verifyStream = async (
  lines: ProvedLog,
  stream: string,
  judge: Judge,
  ids: KnownIds,
  onFault: OnFault,
): Promise<ReadonlyMap<number, Digest>> => {
  const leaves = new Map<number, Digest>()
  let previous: Line | undefined
  for (let revision = 0; ; ) {
    const some = await lines.linesOf(stream, revision, stride)
    for (const line of some) {
      if (line.stream !== stream || line.revision !== revision) {
        onFault(line, `it stands where revision ${revision} of ${stream} should`)
        return leaves
      }
      if (line.sequence <= (previous?.sequence ?? 0)) onFault(line, 'it stands before its predecessor')
      if (line.hash !== chained(line, previous?.hash)) onFault(line, 'it is not what was written: its hash is another')
      const { id, fault } = judge.next(line)
      if (id !== undefined && ids.see(id)) onFault(line, `its id ${id} was seen before`)
      if (fault !== undefined) onFault(line, fault)
      leaves.set(line.sequence, leafHash(textOf(line)))
      previous = line
      revision += 1
    }
    if (some.length < stride) break
  }
  const ending = judge.end()
  if (ending !== undefined && previous !== undefined) onFault(previous, ending)
  return leaves
}
