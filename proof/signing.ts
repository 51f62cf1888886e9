import { type Chain, follow, signNext, signsNow } from './chain.ts'
import { type Signer, verifierOf } from './note.ts'
import { recordText, subtreesText } from './record.ts'
import type { Stretch } from './tree.ts'

/** The keys of a ledger: the one that signs, and the one that did before, where that is to be replaced. */
export type Keys = { readonly current: Signer; readonly previous?: Signer }

/** Where records are kept: when `add` resolves, the line is durable and stands after all others. */
export type RecordFile = { add(line: string): Promise<void> }

/** Makes the statements of one ledger, each after the one before. */
export type Signing = {
  /** States what a log has come to; `sequence` is that of the last event under `tree`. Resolves to the note once it is durable. */
  checkpoint(log: number, tree: Stretch, root: string, sequence: number): Promise<string>
}

/** The keys given are not those that may sign what comes next. */
export class WrongKey extends Error {
  override name = 'WrongKey'
}

/**
 * Signs after `begun`. Where the current key is not the one that signs yet, it says so first, signed with both. Throws
 * `WrongKey` where it would have to and the old key is not given, and where the ledger has another name.
 */
export const beginSigning = async (
  begun: Chain | undefined,
  { current, previous }: Keys,
  file: RecordFile,
  now: () => Date,
): Promise<Signing> => {
  let chain = begun
  const add = async (note: string, subtrees?: readonly string[]): Promise<void> => {
    const next = follow(chain, note)
    if ('fault' in next) throw new Error(`a statement was made that is none: ${next.fault}`)
    await file.add(recordText(subtrees === undefined ? { note } : { note, subtrees }))
    chain = next.chain
  }

  if (chain !== undefined && chain.ledger !== current.name)
    throw new WrongKey(`the checkpoints are those of the ledger ${chain.ledger}, not of ${current.name}`)
  if (!signsNow(chain, current)) {
    const change = { type: 'key', verifier: verifierOf(current) } as const
    if (chain === undefined) await add(signNext(chain, change, now(), [current]))
    else if (previous !== undefined && signsNow(chain, previous))
      await add(signNext(chain, change, now(), [previous, current]))
    else throw new WrongKey('the checkpoints are signed with another key: give that as the previous one')
  }

  let last: Promise<unknown> = Promise.resolve()
  return {
    checkpoint: (log, tree, root, sequence) => {
      const made = last.then(async () => {
        const what = { type: 'checkpoint', log, size: tree.end(), root, sequence } as const
        const note = signNext(chain, what, now(), [current])
        await add(note, subtreesText(tree))
        return note
      })
      last = made.catch(() => undefined)
      return made
    },
  }
}
