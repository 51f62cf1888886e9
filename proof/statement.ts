import { base64Of, type Digest, ofBase64 } from './digest.ts'
import { type Verifier, verifierFrom, verifierText } from './note.ts'

/**
 * What a log had come to, in the manner of C2SP's tlog-checkpoint.md: one line each for the log's name, the number of its
 * events, the root of their tree, and then lines of our own.
 */
export type Checkpoint = {
  readonly type: 'checkpoint'
  /** Which log. */
  readonly log: number
  /** How many events it had. */
  readonly size: number
  /** Over the lines of these events. */
  readonly root: Digest
  /** The sequence of the last of them. */
  readonly sequence: number
}

/** The key that signs from now on. The first one, and each that takes the place of another. */
export type KeyChange = { readonly type: 'key'; readonly verifier: Verifier }

/** What is signed and stands in the chain of all that was signed. */
export type Statement = (Checkpoint | KeyChange) & {
  /** Whose ledger: the name of all keys. */
  readonly ledger: string
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string
  /** The SHA-256 of the text of the statement before this one; absent in the first. */
  readonly previous?: Digest
}

const common = ({ time, previous }: Statement): string =>
  `time ${time}\n${previous === undefined ? '' : `previous ${base64Of(previous)}\n`}`

/** The text that is signed. */
export const textOf = (statement: Statement): string => {
  switch (statement.type) {
    case 'checkpoint': {
      const { ledger, log, size, root, sequence } = statement
      return `${ledger}/logs/${log}\n${size}\n${base64Of(root)}\nsequence ${sequence}\n${common(statement)}`
    }
    case 'key':
      return `${statement.ledger}/keys\n${verifierText(statement.verifier)}\n${common(statement)}`
  }
}

const ending = String.raw`time (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n(?:previous (\S+)\n)?$`
const number = String.raw`(0|[1-9]\d{0,15})`
const checkpointForm = new RegExp(
  String.raw`^([^+\s]+)/logs/${number}\n${number}\n(\S+)\nsequence ${number}\n${ending}`,
)
const keyForm = new RegExp(String.raw`^([^+\s]+)/keys\n(\S+)\n${ending}`)

const read = (text: string): Statement | undefined => {
  const checkpoint = checkpointForm.exec(text)
  const [, ledger = '', ...fields] = checkpoint ?? keyForm.exec(text) ?? []
  const [previousText, time = ''] = [fields.pop(), fields.pop()]
  const previous = ofBase64(previousText ?? '')
  const common = { ledger, time, ...(previous === undefined ? {} : { previous }) }
  if (checkpoint) {
    const [log, size, root = '', sequence] = fields
    return {
      type: 'checkpoint',
      log: Number(log),
      size: Number(size),
      root: ofBase64(root) ?? '',
      sequence: Number(sequence),
      ...common,
    }
  }
  const verifier = verifierFrom(fields[0] ?? '')
  return verifier && { type: 'key', verifier, ...common }
}

/** What a text states; undefined for one that is not exactly what `textOf` makes. */
export const statementOf = (text: string): Statement | undefined => {
  const statement = read(text)
  return statement !== undefined && textOf(statement) === text ? statement : undefined
}
