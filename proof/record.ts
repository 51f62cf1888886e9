import { base64Of, digestLength } from './digest.ts'
import { levelsOf, rootOf, stretchFrom, type Stretch } from './tree.ts'

/**
 * A line of the file of checkpoints: a signed note, and for a checkpoint the subtrees over its log's events, so that
 * whoever goes on from there need not read what comes before. They prove themselves: the root is made of them.
 */
export type StatementRecord = { readonly note: string; readonly subtrees?: readonly string[] }

/** A log's subtrees as a record has them, in base64. */
export const subtreesText = (stretch: Stretch): readonly string[] =>
  stretch.subtrees().map(({ hash }) => base64Of(hash))

export const recordText = ({ note, subtrees }: StatementRecord): string =>
  JSON.stringify(subtrees === undefined ? { note } : { note, subtrees })

const isRecord = (value: unknown): value is StatementRecord => {
  if (typeof value !== 'object' || value === null || !('note' in value) || typeof value.note !== 'string') return false
  if (!('subtrees' in value)) return true
  return Array.isArray(value.subtrees) && value.subtrees.every((each) => typeof each === 'string')
}

/** The record of a line; undefined for one that is not exactly what `recordText` makes. */
export const recordOf = (line: string): StatementRecord | undefined => {
  try {
    const value: unknown = JSON.parse(line)
    return isRecord(value) && recordText(value) === line ? value : undefined
  } catch {
    return undefined
  }
}

/** The tree over the first `size` events as a record has it; undefined where the record has another one. */
export const treeOf = (subtrees: readonly string[], size: number, root: string): Stretch | undefined => {
  const levels = levelsOf(size)
  const hashes = subtrees.map((text) => Buffer.from(text, 'base64').toString('binary'))
  if (hashes.length !== levels.length || hashes.some((hash) => hash.length !== digestLength)) return undefined
  const tree = stretchFrom(
    0,
    levels.map((level, index) => ({ level, hash: hashes[index] ?? '' })),
  )
  return rootOf(tree) === root && subtreesText(tree).every((text, index) => text === subtrees[index]) ? tree : undefined
}
