import { randomBytes } from 'node:crypto'
import { type Bookkeeper, createBookkeeper } from './bookkeeper.ts'
import { clusterTarget } from './cluster-target.ts'
import { type Measured, type Measurement, measure } from './measure.ts'
import type { Options } from './options.ts'
import { tableOf } from './table.ts'
import { ownTarget, remoteTarget, type Target } from './target.ts'

/** A system and the runs on it. */
export type Session = {
  readonly target: Target
  readonly bookkeeper: Bookkeeper
  /** Runs a load, and tells what came of it. */
  run(load: Omit<Measurement, 'seed' | 'warmUpSeconds'>): Promise<Measured>
  /** Makes history: a load of which nothing is measured nor told. */
  fill(load: Pick<Measurement, 'batch' | 'connections' | 'seconds'>): Promise<void>
  close(): Promise<void>
}

const warmUpSeconds = 5

/** To the terminal, for people. */
export const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** `settings` are those of a fresh system, beyond what a load test always needs. */
export const openSession = async (
  options: Pick<Options, 'url' | 'key' | 'merchants' | 'seed' | 'keep'> & Partial<Pick<Options, 'profile'>>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Session> => {
  const { url, key, merchants, seed, keep, profile } = options
  const name = randomBytes(4).toString('hex')
  const open = (): Promise<Target> => {
    if (url !== undefined && key !== undefined) return remoteTarget(url, key, name, merchants)
    if (profile === 'cluster') return clusterTarget(name, merchants, settings, say)
    return ownTarget(name, merchants, { RATE_LIMIT_MAX_REQUESTS: '0', ...settings }, keep)
  }
  const target = await open()
  if (keep && target.own !== undefined) say(`The system's folder is kept: ${target.own.data}`)
  return sessionOn(target, seed)
}

/** Runs on a system that is there; `close` stops it if it is our own. */
export const sessionOn = (target: Target, seed: number): Session => {
  const bookkeeper = createBookkeeper(target)
  return {
    target,
    bookkeeper,
    run: async (load) => {
      const measured = await measure(target, bookkeeper, { ...load, seed, warmUpSeconds })
      say(tableOf(measured.run))
      return measured
    },
    fill: async (load) => {
      await measure(target, bookkeeper, { ...load, name: 'history', checked: false, seed, warmUpSeconds: 0 })
    },
    close: () => target.close(),
  }
}
