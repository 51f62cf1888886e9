import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { someEvents, someStream } from '../contracts/some-events.ts'
import { prepare } from './append.ts'
import { commit } from './commit.ts'
import { nameHash } from '../name-hash.ts'
import { settledStreams } from './settled-streams.ts'
import { openStore, type Store } from './store.ts'
import { writeGroup } from './write-group.ts'

let path = ''
let store: Store
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'daybook-settled-'))
  store = openStore({ path })
})
afterEach(async () => {
  await store.environment.root.close()
  await rm(path, { recursive: true })
})

const append = async (stream: string, expected: number | 'none'): Promise<number> => {
  const group = [prepare(stream, expected, someEvents(1))]
  const { results, committed } = await commit(store.environment, () =>
    writeGroup(store.environment, store.index, group),
  )
  committed()
  const [result] = results
  if (result?.type !== 'appended') throw new Error('not appended')
  return Number(result.position)
}

test('streams whose hashes are the same or follow each other are told apart', async () => {
  const names = Array.from({ length: 60 }, someStream)
  const crowded = settledStreams(store.environment, (name) => 10 + (names.indexOf(name) % 4))
  const settle = (ends: ReadonlyMap<string, number>) =>
    commit(store.environment, () => {
      for (const [name, sequence] of ends) crowded.settle(name, sequence)
    })
  const lasts = () => {
    store.environment.root.resetReadTxn()
    return names.map((name) => crowded.tail(name)?.sequence ?? 0)
  }

  const first = new Map<string, number>()
  for (const name of names.slice(0, 40)) first.set(name, await append(name, 'none'))
  await settle(first)
  expect(lasts()).toEqual(names.map((name) => first.get(name) ?? 0))

  const second = new Map<string, number>()
  for (const name of names.slice(20)) second.set(name, await append(name, first.has(name) ? 0 : 'none'))
  await settle(second)
  expect(lasts()).toEqual(names.map((name) => second.get(name) ?? first.get(name) ?? 0))
})

test('hashes are integers of 52 bits, evenly spread whatever names have in common', () => {
  for (const name of [(n: number) => `merchant-${n}`, (n: number) => `payment-pay_${String(n).padStart(32, '0')}`]) {
    const hashes = Array.from({ length: 64_000 }, (_, n) => nameHash(name(n)))
    expect(new Set(hashes).size).toBe(64_000)
    expect(hashes.every((hash) => Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 52)).toBe(true)
    const counts = new Map<number, number>()
    for (const hash of hashes) {
      const share = Math.floor(hash / 2 ** 46)
      counts.set(share, (counts.get(share) ?? 0) + 1)
    }
    expect(Math.min(...counts.values())).toBeGreaterThan(800)
    expect(Math.max(...counts.values())).toBeLessThan(1_200)
    expect(counts.size).toBe(64)
  }
})
