import type { Kind } from '../../domain/repair/difference.ts'
import { isUnread, type LogEvent } from '../../projections/unread.ts'
import type { StateRow } from './state-rows.ts'

/** What is known of a stream when its row is judged. */
export type Told = {
  /** All rows of its id. */
  readonly rows: readonly StateRow[]
  /** Its events in the page, of which there is one at least; the last of them was seen by the projection. */
  readonly here: readonly LogEvent[]
  /** All its events, from the first on; as many as there are now. */
  readonly whole: () => Promise<readonly LogEvent[]>
  /** Where the projection has given it up, if it has. */
  readonly parkedAt: number | undefined
  /** The hash of its row as it should be at a revision; undefined where the events do not lead there. */
  readonly hashAt: (events: readonly LogEvent[], revision: number) => bigint | undefined
}

/** A row as it should be and as it is, by their hashes; and the difference, where there is one. */
export type Verdict = { readonly expected: readonly bigint[]; readonly found: readonly bigint[]; readonly kind?: Kind }

/** Not one that can be held against anything: the program cannot read or apply what it was made from. */
const unjudged: Verdict = { expected: [], found: [] }

/**
 * Judges a row at its own revision, whether the page's events led to it, or later ones. One that is behind the page's
 * events is altered, since the projection has seen them.
 */
export const judgeState = async ({ rows, here, whole, parkedAt, hashAt }: Told): Promise<Verdict> => {
  const [row] = rows
  const last = here.at(-1)
  if (last === undefined || here.some(isUnread)) return unjudged
  const isParked = parkedAt !== undefined && parkedAt <= last.sequence
  const found = rows.map(({ hash }) => hash)
  if (row === undefined) {
    if (isParked) return unjudged
    return { expected: [hashAt(await whole(), last.revision) ?? 0n], found, kind: 'lost' }
  }
  const isHere = here[0]?.revision === 0 && row.revision <= last.revision
  const events = isHere ? here : await whole()
  if (events.some((event) => isUnread(event) && event.revision <= row.revision)) return unjudged
  const wanted = hashAt(events, row.revision < last.revision && !isParked ? last.revision : row.revision)
  const expected = wanted === undefined ? [] : [wanted]
  if (rows.length > 1) return { expected, found, kind: 'doubled' }
  return row.hash === wanted ? { expected, found } : { expected, found, kind: 'altered' }
}
