import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

// Signed notes as C2SP's signed-note.md has them: a text that ends with a line break, an empty line, and for each
// signature a line with the signer's name and, in base64, four bytes that tell its key and the Ed25519 signature.

/** Whoever can sign: an Ed25519 key and the name that it signs under, which has neither spaces nor plus signs. */
export type Signer = { readonly name: string; readonly key: KeyObject }

/** Whoever's signature can be checked. */
export type Verifier = { readonly name: string; readonly publicKey: KeyObject }

const ed25519 = Buffer.from([1])
const idLength = 4

const rawOf = (publicKey: KeyObject): Buffer => {
  const { crv, x } = publicKey.export({ format: 'jwk' })
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('not an Ed25519 key')
  return Buffer.from(x, 'base64url')
}

const idOf = ({ name, publicKey }: Verifier): Buffer =>
  createHash('sha256').update(`${name}\n`).update(ed25519).update(rawOf(publicKey)).digest().subarray(0, idLength)

export const verifierOf = ({ name, key }: Signer): Verifier => ({ name, publicKey: createPublicKey(key) })

/** A verifier as text: its name, the key's four bytes in hex and the key itself in base64, joined by plus signs. */
export const verifierText = (verifier: Verifier): string => {
  const key = Buffer.concat([ed25519, rawOf(verifier.publicKey)]).toString('base64')
  return `${verifier.name}+${idOf(verifier).toString('hex')}+${key}`
}

/** The verifier of such a text; undefined for any other text. */
export const verifierFrom = (text: string): Verifier | undefined => {
  const [, name = '', key = ''] = /^([^+\s]+)\+[0-9a-f]{8}\+([A-Za-z0-9+/]{44})$/.exec(text) ?? []
  const bytes = Buffer.from(key, 'base64')
  if (bytes.length !== 33 || bytes[0] !== ed25519[0]) return undefined
  const x = bytes.subarray(1).toString('base64url')
  const verifier = { name, publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }) }
  return verifierText(verifier) === text ? verifier : undefined
}

/** The note that these sign; `text` ends with a line break. */
export const signNote = (text: string, signers: readonly Signer[]): string => {
  const lines = signers.map((signer) => {
    const signature = Buffer.concat([idOf(verifierOf(signer)), sign(null, Buffer.from(text), signer.key)])
    return `— ${signer.name} ${signature.toString('base64')}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** The text of a note, without its signatures; undefined for what is none. */
export const noteText = (note: string): string | undefined =>
  /^(.+\n)\n(?:— \S+ [A-Za-z0-9+/]+={0,2}\n)+$/s.exec(note)?.[1]

const isSignature = (line: string, text: string, verifier: Verifier): boolean => {
  const [, name, base64 = ''] = /^— (\S+) (\S+)$/.exec(line) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (name !== verifier.name || bytes.toString('base64') !== base64) return false
  if (!bytes.subarray(0, idLength).equals(idOf(verifier))) return false
  return verify(null, Buffer.from(text), verifier.publicKey, bytes.subarray(idLength))
}

/** Whether a note bears the signatures of these, in this order and no others. */
export const isSignedBy = (note: string, verifiers: readonly Verifier[]): boolean => {
  const text = noteText(note)
  if (text === undefined) return false
  const lines = note.slice(text.length + 1, -1).split('\n')
  return (
    lines.length === verifiers.length &&
    verifiers.every((verifier, index) => isSignature(lines[index] ?? '', text, verifier))
  )
}
