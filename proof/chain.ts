import { type Digest, sha256 } from './digest.ts'
import { isSignedBy, noteText, type Signer, signNote, type Verifier, verifierOf, verifierText } from './note.ts'
import { type Checkpoint, type KeyChange, type Statement, statementOf, textOf } from './statement.ts'

/** How far a chain of signed statements has come. */
export type Chain = {
  readonly ledger: string
  /** Whoever signs what comes next. */
  readonly verifier: Verifier
  /** The digest of the last statement's text. */
  readonly last: Digest
  /** The last checkpoint of each log. */
  readonly checkpoints: ReadonlyMap<number, Checkpoint>
}

/** Signs what comes after `chain`, and says where it has come then. A change of keys is signed with both keys. */
export const signNext = (
  chain: Chain | undefined,
  what: Checkpoint | KeyChange,
  time: Date,
  signers: readonly [Signer, ...Signer[]],
): string => {
  const common = { ledger: signers[0].name, time: time.toISOString() }
  return signNote(textOf({ ...what, ...common, ...(chain === undefined ? {} : { previous: chain.last }) }), signers)
}

const isSame = (one: Verifier, other: Verifier): boolean => verifierText(one) === verifierText(other)

const faultOf = (chain: Chain | undefined, note: string, statement: Statement): string | undefined => {
  if (chain === undefined) {
    if (statement.type !== 'key') return 'the first statement names no key'
    if (statement.previous !== undefined) return 'the statements before it are missing'
    return isSignedBy(note, [statement.verifier]) ? undefined : 'it is not signed with the key that it names'
  }
  if (statement.ledger !== chain.ledger) return `it is about another ledger, ${statement.ledger}`
  if (statement.previous !== chain.last) return 'it does not follow the statement before it'
  switch (statement.type) {
    case 'key':
      return isSignedBy(note, [chain.verifier, statement.verifier])
        ? undefined
        : 'it is not signed with the old key and the new one'
    case 'checkpoint': {
      if (!isSignedBy(note, [chain.verifier])) return 'it is not signed with the key of that time'
      const before = chain.checkpoints.get(statement.log)
      if (before === undefined) return undefined
      return statement.size > before.size && statement.sequence > before.sequence ? undefined : 'the log did not grow'
    }
  }
}

/** The chain with this note after it, or why the note cannot come after it. */
export const follow = (
  chain: Chain | undefined,
  note: string,
): { readonly chain: Chain; readonly statement: Statement } | { readonly fault: string } => {
  const text = noteText(note)
  const statement = text === undefined ? undefined : statementOf(text)
  if (text === undefined || statement === undefined) return { fault: 'it is no signed statement' }
  const fault = faultOf(chain, note, statement)
  if (fault !== undefined) return { fault }
  const checkpoints = new Map(chain?.checkpoints)
  if (statement.type === 'checkpoint') checkpoints.set(statement.log, statement)
  const verifier = statement.type === 'key' ? statement.verifier : chain?.verifier
  if (verifier === undefined) return { fault: 'the first statement names no key' }
  return { chain: { ledger: statement.ledger, verifier, last: sha256(text), checkpoints }, statement }
}

/** Whether this signer's key is the one that signs now. */
export const signsNow = (chain: Chain | undefined, signer: Signer): boolean =>
  chain !== undefined && isSame(chain.verifier, verifierOf(signer))
