import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRate, keptUp } from '../modes/find-rate.ts'
import { fillTo } from '../modes/scale.ts'
import type { Options } from '../options.ts'
import { openSession, type Session, sessionOn } from '../session.ts'
import { measureCachedReads } from './cached-reads.ts'
import { measureCatchUp, measureLogReading } from './catch-up.ts'
import { measureFdatasync } from './fdatasync.ts'
import type { Found } from './found.ts'
import { measureHistory, openHistory } from './history.ts'
import { type NoopServer, startNoop } from './noop-server.ts'
import { measureSingle } from './single.ts'
import { measureTpcb } from './tpcb.ts'

/** What is asked for, where history is kept, and what was found before. */
export type Circumstances = {
  readonly options: Options
  readonly history: string
  readonly before: Found
  /** Takes what is found while there is more to come. */
  readonly keep: (found: Partial<Found>) => Promise<void>
}

type Part = (circumstances: Circumstances) => Promise<Partial<Found>>

const withSession = async <T>(options: Options, work: (session: Session) => Promise<T>): Promise<T> => {
  const session = await openSession({ ...options, keep: false })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

const withNoop = async <T>(work: (noop: NoopServer) => Promise<T>): Promise<T> => {
  const noop = await startNoop()
  try {
    return await work(noop)
  } finally {
    await noop.stop()
  }
}

const machine: Part = async ({ options: { seconds } }) => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-fdatasync-'))
  try {
    return { yardsticks: [measureFdatasync(folder, seconds / 4), await measureTpcb(seconds)] }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const shareOfCeiling = 0.7

const single: Part = ({ options }) =>
  withNoop((noop) =>
    withSession(options, async ({ target, run }) => {
      const { seconds } = options
      const connections = options.batch > 1 ? 64 : options.connections
      const daybook = { url: target.url(), merchants: target.merchants }
      const beside = await measureSingle(noop, daybook, connections, seconds)
      const load = { batch: 1, connections, seconds }
      const closed = await run({ ...load, name: 'single, closed loop', checked: true })
      const rate = Math.round(closed.run.perSecond * shareOfCeiling)
      const name = `single, open loop at ${shareOfCeiling * 100} % of the ceiling`
      const open = await run({ ...load, name, rate, checked: true })
      return {
        figures: { single: beside, open: { rate, ofCeiling: shareOfCeiling, p99: open.run.latency.p99 } },
        runs: [closed.run, open.run],
        yardsticks: [
          { name: 'no-op POST', perSecond: beside.noop, note: 'a hono server that parses and answers the same JSON' },
        ],
      }
    }),
  )

const lines = 100

const batch: Part = ({ options }) =>
  withSession(options, async (session) => {
    const load = { name: `batches of ${lines}`, batch: lines, connections: 8, seconds: options.seconds, checked: true }
    const { run } = await session.run(load)
    return { figures: { batch: { lines, perSecond: run.perSecond } }, runs: [run] }
  })

// Ten minutes when the others take twenty seconds, and a little more than the ten thousand that are asked for.
const sustainedFactor = 30
const sustainedRate = 10_100
/** Where the ceiling is lower, more would only measure how commands wait. */
const shareSustained = 0.8

const sustained: Part = ({ options, before }) =>
  withSession(options, async (session) => {
    const ceiling = before.figures.batch?.perSecond ?? Infinity
    const rate = Math.round(Math.min(sustainedRate, shareSustained * ceiling))
    const load = { batch: lines, connections: 16, rate, seconds: options.seconds * sustainedFactor }
    const { run } = await session.run({ ...load, name: 'sustained, batches, open loop', checked: true })
    return { figures: { sustained: { perSecond: run.perSecond, seconds: run.seconds, lag: run.lag } }, runs: [run] }
  })

const followed: Part = async ({ options }) => {
  const { runs } = await findRate({ ...options, batch: 1, keep: false })
  const best = runs
    .filter((run) => run.mode === 'open' && keptUp(run))
    .toSorted((one, other) => other.perSecond - one.perSecond)[0]
  return {
    figures: { followed: { perSecond: best?.perSecond ?? 0, lagP99Ms: best?.lag.p99Ms ?? Infinity } },
    runs: best === undefined ? [] : [{ ...best, name: 'single, followed within a second' }],
  }
}

const secondsToFill = 5

const reads: Part = ({ options }) =>
  withNoop((noop) =>
    withSession(options, async ({ target, fill }) => {
      await fill({ batch: lines, connections: 4, seconds: secondsToFill })
      const key = target.merchants[0]?.key ?? ''
      const cachedReads = await measureCachedReads(target.url(), key, noop, options.seconds / 2)
      return {
        figures: { cachedReads },
        yardsticks: [
          { name: 'no-op GET', perSecond: cachedReads.noop, note: 'a hono server that answers the same JSON' },
        ],
      }
    }),
  )

const history: Part = async ({ options, history: data, before, keep }) => {
  const connections = options.batch > 1 ? 64 : options.connections
  await measureHistory({ ...options, data, connections }, before.figures.sizes ?? [], keep)
  return {}
}

const eventsToCatchUp = 1_000_000

const catchUp: Part = async ({ options, history: data }) => {
  const system = await openHistory({ data, merchants: options.merchants })
  try {
    await fillTo(sessionOn(system, options.seed), Math.min(options.events, eventsToCatchUp))
  } finally {
    await system.close()
  }
  return { figures: { catchUp: await measureCatchUp(data), logReading: await measureLogReading(data) } }
}

/** The parts by their names, in the order in which they are done. */
export const parts: ReadonlyMap<string, Part> = new Map([
  ['machine', machine],
  ['single', single],
  ['batch', batch],
  ['sustained', sustained],
  ['followed', followed],
  ['reads', reads],
  ['history', history],
  ['catch-up', catchUp],
])
