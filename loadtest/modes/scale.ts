import { api } from '../crash/api.ts'
import { sequenceIn } from '../../domain/position.ts'
import { freeGiB, sizeGiB } from '../disk.ts'
import type { Options } from '../options.ts'
import type { Run } from '../result.ts'
import { openSession, say, type Session } from '../session.ts'
import { startUpText } from '../start-up.ts'
import { linesOf } from '../table.ts'
import type { Outcome } from './outcome.ts'

const shareOfCeiling = 0.7
const fillBatch = 500
const fillConnections = 4
// The longest that history is made at a stretch; then it is looked at how much there is.
const fillSeconds = 30
/** Events; how fast it goes is not known before it was done once. */
const mostPerSecond = 120_000
const leastFreeGiB = 4

/** How many events there are to be, one size after the other: 100,000, then 1, 2, 4 … million, up to `most`. */
export const sizesUpTo = (most: number): number[] => {
  const sizes = [100_000]
  for (let size = 1_000_000; size < most; size *= 2) sizes.push(size)
  return [...sizes.filter((size) => size < most), most]
}

/** How many events the log has. */
export const storedEvents = async ({ target }: Session): Promise<number> => {
  const { data } = await api(target.url(), target.operator).get<{ data: { head: string }[] }>('/v1/projections')
  return sequenceIn(data[0]?.head ?? '0', 0)
}

/** Makes history until there are so many events; false where the disk has no room for it. */
export const fillTo = async (session: Session, events: number): Promise<boolean> => {
  const { own } = session.target
  let perSecond = mostPerSecond
  let stored = await storedEvents(session)
  while (stored < events) {
    if (own !== undefined && (await freeGiB(own.data)) < leastFreeGiB) return false
    const seconds = Math.max(1, Math.min(fillSeconds, Math.floor((events - stored) / perSecond)))
    await session.fill({ batch: fillBatch, connections: fillConnections, seconds })
    const before = stored
    stored = await storedEvents(session)
    perSecond = Math.max(1, stored - before) / seconds
  }
  return true
}

/** A number of events as it is named. */
export const label = (events: number): string =>
  events < 1_000_000 ? `${events / 1_000}k` : `${Number((events / 1_000_000).toFixed(1))}m`

/** The same load with more and more stored: how throughput, latency, memory and the start after a crash change. */
export const scale = async (options: Options): Promise<Outcome> => {
  const session = await openSession(options)
  const { own } = session.target
  const { connections, seconds } = options
  const runs: Run[] = []
  const starts: string[] = []
  try {
    for (const size of sizesUpTo(options.upTo)) {
      if (!(await fillTo(session, size))) {
        say(`Less than ${leastFreeGiB} GiB are free, so it ends before ${label(size)} events.`)
        break
      }
      const at = label(size)
      const single = { batch: 1, connections, seconds, checked: true }
      const closed = await session.run({ ...single, name: `${at} single, closed` })
      const rate = Math.round(closed.run.perSecond * shareOfCeiling)
      const open = await session.run({ ...single, name: `${at} single, open`, rate })
      const batches = await session.run({
        name: `${at} batches`,
        batch: options.batch > 1 ? options.batch : 100,
        connections: Math.min(connections, 8),
        seconds,
        checked: true,
      })
      runs.push(closed.run, open.run, batches.run)
      const start = await own?.crashAndStart()
      const disk = own === undefined ? 0 : await sizeGiB(own.log)
      starts.push(
        `${at}: ${start === undefined ? 'not started again' : startUpText(start)} after kill -9 with ${await storedEvents(session)} events, log ${disk.toFixed(2)} GiB`,
      )
    }
    say(linesOf(runs))
    for (const line of starts) say(line)
    for (const kind of ['single, closed', 'batches'] as const) {
      const same = runs.filter(({ name }) => name.endsWith(kind))
      const [first, last] = [same[0], same.at(-1)]
      if (first !== undefined && last !== undefined) {
        say(
          `${kind}: ${last.name} has ${(last.perSecond / first.perSecond).toFixed(2)} of the throughput of ${first.name}`,
        )
      }
    }
    return { runs, faults: [] }
  } finally {
    await session.close()
  }
}
