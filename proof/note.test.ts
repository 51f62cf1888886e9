import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { isSignedBy, noteText, type Signer, signNote, verifierFrom, verifierOf, verifierText } from './note.ts'

const signer = (name: string): Signer => ({ name, key: generateKeyPairSync('ed25519').privateKey })
const [ours, theirs] = [signer('example.com/books'), signer('witness.example')]
const text = 'example.com/books\n17\nsomething\n'

test('a note is its text, an empty line and its signatures, and is believed as a whole', () => {
  const note = signNote(text, [ours, theirs])
  expect(note).toMatch(
    /^example\.com\/books\n17\nsomething\n\n— example\.com\/books \S{92}\n— witness\.example \S{92}\n$/,
  )
  expect(noteText(note)).toBe(text)
  expect(isSignedBy(note, [verifierOf(ours), verifierOf(theirs)])).toBe(true)
  expect(isSignedBy(note, [verifierOf(ours)])).toBe(false)
  expect(isSignedBy(note, [verifierOf(theirs), verifierOf(ours)])).toBe(false)
})

test('a key of the same name is not the same key', () => {
  expect(isSignedBy(signNote(text, [signer(ours.name)]), [verifierOf(ours)])).toBe(false)
})

test('no bit of a note can be changed', () => {
  const note = Buffer.from(signNote(text, [ours]))
  for (let bit = 0; bit < 8 * note.length; bit++) {
    const changed = Buffer.from(note)
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(isSignedBy(changed.toString(), [verifierOf(ours)])).toBe(false)
  }
})

test('a verifier is written as its name, four bytes and the key, and nothing else is one', () => {
  const written = verifierText(verifierOf(ours))
  expect(written).toMatch(/^example\.com\/books\+[0-9a-f]{8}\+A[A-Za-z0-9+/]{43}$/)
  const read = verifierFrom(written)
  expect(read && verifierText(read)).toBe(written)
  for (const other of ['', `${written} `, written.replace('books', 'cooks'), written.slice(0, -4)]) {
    expect(verifierFrom(other)).toBeUndefined()
  }
})

// The key in the documentation of signed notes' first implementation, golang.org/x/mod/sumdb/note.
test('a verifier of another implementation is understood', () => {
  expect(verifierFrom('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')?.name).toBe('PeterNeumann')
})
