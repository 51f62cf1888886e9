import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomFrom } from '../../projections/testing/random.ts'
import { corruptions } from './corruptions.ts'
import { makeInstallation } from './installation.ts'
import { tryAll } from './try-all.ts'
import { findingsIn, readable, tryCorruption } from './try-corruption.ts'

describe('one change to a log or its checkpoints', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'daybook-corruptions-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('is found, of whatever kind; and nothing where nothing was changed', { timeout: 120_000 }, async () => {
    const sound = join(folder, 'sound')
    const signed = await makeInstallation(sound, 7, 300)
    expect(await findingsIn(sound)).toEqual([])
    const before = await readable(sound)
    for (const { name, make } of corruptions.filter((each) => !each.name.endsWith('of the log'))) {
      const outcome = await tryCorruption(sound, before, async (copy) => void (await make(copy, randomFrom(3), signed)))
      expect([name, outcome.type]).toEqual([name, 'found'])
    }
  })

  test('is never missed', { timeout: 240_000 }, async () => {
    const missed: string[] = []
    const { byKind, bundles, falseAlarms } = await tryAll(
      folder,
      11,
      150,
      (_, what) => what !== undefined && missed.push(what),
    )
    expect(missed).toEqual([])
    expect(falseAlarms).toBe(0)
    expect(byKind.get('a bit of the log')?.found).toBeGreaterThan(30)
    expect(bundles.get('a bit of log-0.ndjson')?.found).toBeGreaterThan(5)
  })
})
