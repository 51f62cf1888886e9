import { type Chain, follow } from './chain.ts'
import type { Verifier } from './note.ts'
import { recordOf, treeOf } from './record.ts'
import type { Checkpoint } from './statement.ts'
import type { Stretch } from './tree.ts'

/** A checkpoint and the tree that it is about. */
export type ProvedCheckpoint = Checkpoint & { readonly tree: Stretch; readonly time: string }

/** Something that is not as it was written; `where` says where to look. */
export type Finding = { readonly where: string; readonly what: string }

/** What a file of checkpoints comes to. */
export type Statements = {
  readonly chain: Chain | undefined
  /** The key that the first of them names: whoever trusts that can trust the rest. */
  readonly firstKey: Verifier | undefined
  readonly checkpoints: readonly ProvedCheckpoint[]
  readonly findings: readonly Finding[]
}

/**
 * Reads the records of a file of checkpoints and checks that each follows the one before and is signed with the key of
 * its time. What comes after the first that does not is not believed.
 */
export const readStatements = (lines: Iterable<string>): Statements => {
  const checkpoints: ProvedCheckpoint[] = []
  let chain: Chain | undefined
  let firstKey: Verifier | undefined
  let number = 0
  for (const line of lines) {
    number += 1
    const fault = (what: string): Statements => ({
      chain,
      firstKey,
      checkpoints,
      findings: [{ where: `checkpoints, line ${number}`, what }],
    })
    const record = recordOf(line)
    if (record === undefined) return fault('it is no record')
    const next = follow(chain, record.note)
    if ('fault' in next) return fault(next.fault)
    const { statement } = next
    if (statement.type === 'checkpoint') {
      const tree = treeOf(record.subtrees ?? [], statement.size, statement.root)
      if (tree === undefined) return fault('the subtrees beside it do not have its root')
      checkpoints.push({ ...statement, tree })
    } else if (record.subtrees !== undefined) return fault('it is no record')
    chain = next.chain
    firstKey ??= chain.verifier
  }
  return { chain, firstKey, checkpoints, findings: [] }
}
