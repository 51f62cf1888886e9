import { type Digest, digestLength, sha256 } from './digest.ts'

// The tree of RFC 9162, section 2.1: leaves and nodes are hashed with a byte before them that tells which they are, so
// that none can be taken for the other.

/** The hash of a leaf with this text. */
export const leafHash = (text: string): Digest => sha256(`\u0000${text}`)

const pair = Buffer.alloc(1 + 2 * digestLength, 1)

/** The hash of the node over two others. */
export const nodeHash = (left: Digest, right: Digest): Digest => {
  pair.write(left, 1, 'binary')
  pair.write(right, 1 + digestLength, 'binary')
  return sha256(pair)
}

/** The root of a tree without leaves. */
export const emptyRoot: Digest = sha256('')

/** A whole subtree: it is over 2^`level` leaves. */
export type Subtree = { readonly level: number; readonly hash: Digest }

/**
 * Consecutive leaves from number `begin` on, as the fewest whole subtrees that cover them: at most two for each level,
 * however many leaves there are. A stretch from 0 on is all that has to be remembered of a tree to let it grow.
 */
export type Stretch = {
  readonly begin: number
  /** The number of the leaf that comes next. */
  end(): number
  /** Adds what comes next. Throws a `RangeError` for a subtree that cannot stand there. */
  push(subtree: Subtree): void
  /** From the first leaf to the last. */
  subtrees(): readonly Subtree[]
}

/** An empty stretch, or one from 0 on with these subtrees. */
export const stretchFrom = (begin: number, known: readonly Subtree[] = []): Stretch => {
  const subtrees: Subtree[] = []
  let end = begin

  const push = (subtree: Subtree): void => {
    const size = 2 ** subtree.level
    if (end % size !== 0) throw new RangeError(`no subtree over ${size} leaves begins at ${end}`)
    end += size
    let last = subtree
    for (let left = subtrees.at(-1); left?.level === last.level; left = subtrees.at(-1)) {
      // Two neighbours of one size are under one node only if they end where such a node does.
      if (end % 2 ** (last.level + 1) !== 0) break
      last = { level: last.level + 1, hash: nodeHash(left.hash, last.hash) }
      subtrees.pop()
    }
    subtrees.push(last)
  }
  for (const subtree of known) push(subtree)
  return { begin, end: () => end, push, subtrees: () => subtrees }
}

/** The root of the tree whose leaves are a stretch from 0 on. Throws a `RangeError` for any other. */
export const rootOf = ({ begin, subtrees }: Stretch): Digest => {
  if (begin !== 0) throw new RangeError('a root is over all leaves')
  return (
    subtrees()
      .map(({ hash }) => hash)
      .reduceRight<Digest | undefined>(
        (right, left) => (right === undefined ? left : nodeHash(left, right)),
        undefined,
      ) ?? emptyRoot
  )
}

/** The levels of the subtrees over the first `size` leaves: one for each binary digit of `size` that is set. */
export const levelsOf = (size: number): readonly number[] => {
  const levels: number[] = []
  for (let [rest, level] = [size, 0]; rest > 0; rest = Math.floor(rest / 2), level++)
    if (rest % 2 === 1) levels.unshift(level)
  return levels
}
