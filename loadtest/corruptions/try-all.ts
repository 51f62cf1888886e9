import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pagesInUse } from '../../infra/lmdb/structure/check-structure.ts'
import { type Random, randomFrom } from '../../projections/testing/random.ts'
import { findingsInBundle, makeBundles, standaloneFinds, tryBundle } from './bundles.ts'
import { byteClass } from './byte-class.ts'
import { type Corruption, corruptions } from './corruptions.ts'
import { makeInstallation } from './installation.ts'
import { findingsIn, readable, tryCorruption } from './try-corruption.ts'

/** How often something was tried and what became of it. */
export type Tally = { tried: number; found: number; nothing: number; missed: number }

/** What was tried, by kind of corruption and, for bits and bytes of the log, by what they are part of. */
export type Tried = {
  readonly byKind: ReadonlyMap<string, Tally>
  readonly byClass: ReadonlyMap<string, Tally>
  /** The same of bundles that were exported from these logs. */
  readonly bundles: ReadonlyMap<string, Tally>
  /** What was found where nothing had been changed. */
  readonly falseAlarms: number
}

const count = (tallies: Map<string, Tally>, name: string, outcome: 'found' | 'nothing' | 'missed'): void => {
  const tally = tallies.get(name) ?? { tried: 0, found: 0, nothing: 0, missed: 0 }
  tally.tried += 1
  tally[outcome] += 1
  tallies.set(name, tally)
}

const drawn = (share: number): Corruption => {
  let rest = share * corruptions.reduce((sum, each) => sum + each.share, 0)
  const corruption = corruptions.find((each) => (rest -= each.share) < 0) ?? corruptions[0]
  if (corruption === undefined) throw new Error('there are no corruptions')
  return corruption
}

/** The standalone verifier is a process each time. */
const standaloneEvery = 10

/** Corrupts each of the bundles in turn; gives what was missed. */
const tryBundles = async (
  folders: readonly string[],
  times: number,
  random: Random,
  tallies: Map<string, Tally>,
): Promise<readonly string[]> => {
  const missed: string[] = []
  for (let tried = 0; tried < times; tried++) {
    const folder = folders[tried % folders.length] ?? ''
    const { what, missedBy } = await tryBundle(folder, random, tried % standaloneEvery === 0)
    count(tallies, what, missedBy === undefined ? (what === 'nothing' ? 'nothing' : 'found') : 'missed')
    if (missedBy !== undefined) missed.push(`${what} by ${missedBy}`)
  }
  return missed
}

/**
 * Corrupts copies of a log so many times, one corruption each, and verifies each of them, and as many of bundles that were
 * exported from it; a new log after every few hundred. The same seed makes the same logs and corruptions, but for keys and times.
 */
export const tryAll = async (
  folder: string,
  seed: number,
  times: number,
  onTried: (tried: number, missed: string | undefined) => void,
): Promise<Tried> => {
  const [byKind, byClass, bundles] = [new Map<string, Tally>(), new Map<string, Tally>(), new Map<string, Tally>()]
  const random = randomFrom(seed)
  const perLog = 500
  let falseAlarms = 0
  for (let tried = 0; tried < times; ) {
    const sound = join(folder, `log-${tried}`)
    const signed = await makeInstallation(sound, seed + tried, 400)
    falseAlarms += (await findingsIn(sound)).length
    const before = await readable(sound)
    const file = await readFile(join(sound, 'log', 'data.mdb'))
    const bundled = await makeBundles(sound, signed)
    for (const bundle of bundled) {
      falseAlarms += await findingsInBundle(bundle)
      if (await standaloneFinds(bundle, bundle)) falseAlarms += 1
    }
    for (const what of await tryBundles(bundled, Math.min(perLog, times - tried), random, bundles)) onTried(tried, what)
    const used = pagesInUse(join(sound, 'log'))
    for (const end = Math.min(times, tried + perLog); tried < end; ) {
      const corruption = drawn(random.below(1e9) / 1e9)
      let at: number | undefined
      const { type } = await tryCorruption(sound, before, async (copy) => {
        at = (await corruption.make(copy, random, signed)) ?? undefined
      })
      count(byKind, corruption.name, type)
      if (at !== undefined) count(byClass, byteClass(file, used, at), type)
      tried += 1
      onTried(tried, type === 'missed' ? `${corruption.name}${at === undefined ? '' : ` (byte ${at})`}` : undefined)
    }
  }
  return { byKind, byClass, bundles, falseAlarms }
}
