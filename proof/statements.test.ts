import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { sha256 } from './digest.ts'
import { type Signer, signNote, verifierOf, verifierText } from './note.ts'
import { recordOf, recordText } from './record.ts'
import { beginSigning, WrongKey } from './signing.ts'
import { textOf } from './statement.ts'
import { readStatements } from './statements.ts'
import { leafHash, rootOf, stretchFrom } from './tree.ts'

const signer = (name = 'daybook'): Signer => ({ name, key: generateKeyPairSync('ed25519').privateKey })
const now = () => new Date('2026-01-02T03:04:05.678Z')

const fileOf = (lines: string[]) => ({ add: async (line: string): Promise<void> => void lines.push(line) })
const begin = (lines: string[], current: Signer, previous?: Signer) =>
  beginSigning(
    readStatements(lines).chain,
    { current, ...(previous === undefined ? {} : { previous }) },
    fileOf(lines),
    now,
  )

/** A file in which a log of `sizes` events was signed, one checkpoint each. */
const signed = async (key: Signer, ...sizes: readonly number[]): Promise<string[]> => {
  const lines: string[] = []
  const signing = await begin(lines, key)
  const tree = stretchFrom(0)
  for (const size of sizes) {
    while (tree.end() < size) tree.push({ level: 0, hash: leafHash(`event ${tree.end()}`) })
    await signing.checkpoint(0, tree, rootOf(tree), size * 10)
  }
  return lines
}

const faultIn = (lines: readonly string[]) => readStatements(lines).findings

describe('a file of checkpoints', () => {
  test('names its first key, then says what each log had come to', async () => {
    const key = signer()
    const lines = await signed(key, 3, 7)
    const { chain, firstKey, checkpoints, findings } = readStatements(lines)
    expect(findings).toEqual([])
    expect(firstKey && verifierText(firstKey)).toBe(verifierText(verifierOf(key)))
    expect(chain?.ledger).toBe('daybook')
    expect(checkpoints.map(({ size, sequence, tree }) => [size, sequence, tree.end()])).toEqual([
      [3, 30, 3],
      [7, 70, 7],
    ])
    expect(recordOf(lines[2] ?? '')?.note).toMatch(
      /^daybook\/logs\/0\n7\n[A-Za-z0-9+/]{43}=\nsequence 70\ntime 2026-01-02T03:04:05\.678Z\nprevious [A-Za-z0-9+/]{43}=\n\n— daybook \S+\n$/,
    )
  })

  test('the tree of a checkpoint grows on as if it had never stopped', async () => {
    const key = signer()
    const tree = readStatements(await signed(key, 5)).checkpoints[0]?.tree
    tree?.push({ level: 0, hash: leafHash('event 5') })
    const [six] = readStatements(await signed(key, 6)).checkpoints
    expect(tree && rootOf(tree)).toBe(six?.root)
  })

  test('a change of keys is signed with both, and the old key is worth nothing afterwards', async () => {
    const [old, fresh] = [signer(), signer()]
    const lines = await signed(old, 3)
    await begin(lines, fresh, old)
    expect(recordOf(lines[2] ?? '')?.note.match(/^— daybook /gm)).toHaveLength(2)
    expect(readStatements(lines)).toMatchObject({ findings: [], chain: { verifier: verifierOf(fresh) } })
    await expect(begin(lines, old)).rejects.toThrow(WrongKey)
    await begin(lines, fresh)
    expect(lines).toHaveLength(3)
  })

  test('a key that was never named may not sign, nor one of another ledger', async () => {
    const lines = await signed(signer(), 3)
    await expect(begin(lines, signer())).rejects.toThrow('another key')
    await expect(begin(lines, signer(), signer())).rejects.toThrow('another key')
    await expect(begin(lines, signer('other'))).rejects.toThrow('of the ledger daybook')
    expect(lines).toHaveLength(2)
  })
})

describe('what is found in a file of checkpoints', () => {
  const key = signer()
  const note = (lines: readonly string[], line: number): string => recordOf(lines[line] ?? '')?.note ?? ''

  test.each<[string, (lines: string[]) => void, string, number]>([
    ['a line that is no JSON', (lines) => (lines[1] = '{'), 'it is no record', 2],
    ['a line with white space', (lines) => (lines[1] = ` ${lines[1]}`), 'it is no record', 2],
    ['a line left out', (lines) => lines.splice(1, 1), 'it does not follow the statement before it', 2],
    ['the first line left out', (lines) => lines.shift(), 'the first statement names no key', 1],
    [
      'two lines exchanged',
      (lines) => lines.splice(1, 0, ...lines.splice(2, 1)),
      'it does not follow the statement before it',
      2,
    ],
    [
      'a line twice',
      (lines) => lines.splice(2, 0, ...lines.slice(1, 2)),
      'it does not follow the statement before it',
      3,
    ],
    [
      'another signature',
      (lines) => {
        const text = note(lines, 1).split('\n\n')[0]
        lines[1] = recordText({ ...recordOf(lines[1] ?? ''), note: signNote(`${text}\n`, [signer()]) })
      },
      'it is not signed with the key of that time',
      2,
    ],
    [
      'the subtrees of another checkpoint',
      (lines) => (lines[1] = recordText({ note: note(lines, 1), subtrees: recordOf(lines[2] ?? '')?.subtrees ?? [] })),
      'the subtrees beside it do not have its root',
      2,
    ],
    [
      'a note that states nothing',
      (lines) => (lines[1] = recordText({ note: signNote('anything\n', [key]) })),
      'it is no signed statement',
      2,
    ],
    [
      'a checkpoint of a log that did not grow',
      (lines) => {
        const previous = sha256(`${note(lines, 1).split('\n\n')[0]}\n`)
        const tree = stretchFrom(0)
        tree.push({ level: 0, hash: leafHash('event 0') })
        const checkpoint = { type: 'checkpoint', log: 0, size: 1, root: rootOf(tree), sequence: 10 } as const
        const text = textOf({ ...checkpoint, ledger: 'daybook', time: now().toISOString(), previous })
        lines[2] = recordText({ note: signNote(text, [key]), subtrees: [] })
      },
      'the log did not grow',
      3,
    ],
  ])('%s', async (_, change, what, line) => {
    const lines = await signed(key, 3, 7)
    change(lines)
    expect(faultIn(lines)).toEqual([{ where: `checkpoints, line ${line}`, what }])
  })
})
