import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256 } from './digest.ts'
import { type Line, textOf } from './line.ts'
import { runNotary } from './notary.ts'
import { beginSigning } from './signing.ts'
import { readStatements } from './statements.ts'
import { leafHash, rootOf, stretchFrom } from './tree.ts'

const key = { name: 'daybook', key: generateKeyPairSync('ed25519').privateKey }

const some = (from: number, count: number): Line[] =>
  Array.from({ length: count }, (_, index) => ({
    sequence: 3 * (from + index),
    stream: `payment-${from + index}`,
    revision: 0,
    hash: sha256('any'),
    event: '{}',
  }))

const rootOver = (lines: readonly Line[]): string => {
  const tree = stretchFrom(0)
  for (const line of lines) tree.push({ level: 0, hash: leafHash(textOf(line)) })
  return rootOf(tree)
}

/** Runs a notary on a log until it has signed `upTo` events. */
const notarize = async (
  log: readonly Line[],
  records: string[],
  upTo: number,
  pace = { events: 10, ms: 3_600_000 },
) => {
  const { chain, checkpoints } = readStatements(records)
  const file = { add: async (line: string): Promise<void> => void records.push(line) }
  const signing = await beginSigning(chain, { current: key }, file, () => new Date())
  const done = new AbortController()
  await runNotary(
    {
      log: 0,
      lines: {
        linesAfter: async (sequence, limit) => log.filter((line) => line.sequence > sequence).slice(0, limit),
        linesOf: async () => [],
      },
      last: checkpoints.at(-1),
      signing,
      pace,
      onCheckpoint: (_, size) => size >= upTo && done.abort(),
    },
    done.signal,
  )
  return readStatements(records).checkpoints.map(({ size, sequence, root }) => [size, sequence, root])
}

test('there is a checkpoint after every so many events, whenever they come, also after it was started anew', async () => {
  const log = some(1, 24)
  const records: string[] = []
  await notarize(log, records, 20)
  log.push(...some(25, 9))
  const signed = await notarize(log, records, 30)
  expect(signed).toEqual([10, 20, 30].map((size) => [size, 3 * size, rootOver(log.slice(0, size))]))
})

test('there is one after some time where there were any events, and none where there were not', async () => {
  const log = some(1, 4)
  expect(await notarize(log, [], 4, { events: 1_000, ms: 20 })).toEqual([[4, 12, rootOver(log)]])
})

test('nothing is signed of a log that lacks what was signed of it', async () => {
  const records: string[] = []
  await notarize(some(1, 10), records, 10)
  await expect(notarize(some(1, 9), records, 20)).rejects.toThrow('log 0 has no event 30, which was signed')
  expect(records).toHaveLength(2)
})
