import { freeGiB, sizeGiB } from '../disk.ts'
import type { Options } from '../options.ts'
import type { ProcessWatch } from '../processes.ts'
import type { Second } from '../result.ts'
import { openSession, say } from '../session.ts'
import type { Own } from '../target.ts'
import { median } from './median.ts'
import type { Outcome } from './outcome.ts'

const shareOfCeiling = 0.7
const everySeconds = 60
// Below this it ends early: what it is after is what happens over time, not what a full disk does.
const leastFreeGiB = 4

/** What one process had at one moment. */
export type Sample = { readonly name: string; readonly rssMiB: number; readonly handles: number }

// A quarter of the time for caches to fill; what still grows by so much after it does not come to an end.
const growth = 1.25
const atLeastMiB = 64
const atLeastHandles = 64

/** What has grown and went on growing: the end of the soak against the middle, by process. */
export const growthFaults = (minutes: readonly (readonly Sample[])[]): string[] => {
  const quarter = Math.floor(minutes.length / 4)
  if (quarter === 0) return []
  const middle = minutes.slice(quarter, 2 * quarter).flat()
  const end = minutes.slice(-quarter).flat()
  return [...new Set(end.map(({ name }) => name))].flatMap((name) => {
    const of = (samples: readonly Sample[], figure: 'rssMiB' | 'handles') =>
      median(samples.filter((sample) => sample.name === name).map((sample) => sample[figure]))
    const grew = (figure: 'rssMiB' | 'handles', least: number, unit: string): string[] => {
      const [before, after] = [of(middle, figure), of(end, figure)]
      const isMore = after > before * growth && after - before > least
      return isMore ? [`${name} grew from ${before.toFixed(0)} to ${after.toFixed(0)} ${unit}`] : []
    }
    return [...grew('rssMiB', atLeastMiB, 'MiB'), ...grew('handles', atLeastHandles, 'handles')]
  })
}

/** Prints a line a minute: the last minute's throughput and latencies, and what everything has come to. */
const reporter = (own: Own | undefined, stop: () => void) => {
  let last: Second[] = []
  const minutes: Sample[][] = []
  const tell = async (minute: readonly Second[], processes: ProcessWatch): Promise<void> => {
    const samples = [...processes.now()].map(([name, { rssMiB, handles }]) => ({ name, rssMiB, handles }))
    minutes.push(samples)
    const accepted = minute.reduce((sum, { transactions }) => sum + transactions, 0) / minute.length
    const errors = minute.reduce((sum, each) => sum + each.errors, 0)
    const used = samples.map(({ name, rssMiB, handles }) => `${name} ${rssMiB.toFixed(0)} MiB/${handles}`).join(', ')
    const disk =
      own === undefined
        ? ''
        : `; log ${(await sizeGiB(own.log)).toFixed(2)} of ${(await sizeGiB(own.data)).toFixed(2)} GiB`
    say(
      `minute ${minutes.length}: ${accepted.toFixed(0)}/s, ${errors} errors, p50 ${median(minute.map(({ p50 }) => p50)).toFixed(1)} ms, ` +
        `p99 ${Math.max(...minute.map(({ p99 }) => p99)).toFixed(1)} ms at worst, lag ${minute.at(-1)?.lagEvents ?? 0} events; ${used}${disk}`,
    )
    if (own !== undefined && (await freeGiB(own.data)) < leastFreeGiB) {
      say(`Less than ${leastFreeGiB} GiB are free, so the soak ends here.`)
      stop()
    }
  }
  return {
    minutes,
    onSecond: (second: Second, processes: ProcessWatch) => {
      last.push(second)
      if (last.length < everySeconds) return
      const minute = last
      last = []
      void tell(minute, processes)
    },
  }
}

/** A long run: what becomes of memory, handles, the log and latencies over time. Ends early, with results, at the first Ctrl-C. */
export const soak = async (options: Options): Promise<Outcome> => {
  const session = await openSession(options)
  const { batch, connections, hours } = options
  const usual = { batch, connections }
  const stop = new AbortController()
  const end = () => stop.abort()
  const onInterruption = () => {
    end()
    process.once('SIGINT', () => process.exit(130))
  }
  process.once('SIGINT', onInterruption)
  try {
    const ceiling =
      options.rate === undefined
        ? (await session.run({ ...usual, name: 'ceiling', seconds: options.seconds, checked: true })).run
        : undefined
    const rate = options.rate ?? Math.round((ceiling?.perSecond ?? 0) * shareOfCeiling)
    const { minutes, onSecond } = reporter(session.target.own, end)
    const seconds = Math.max(1, Math.round(hours * 3_600))
    const { run } = await session.run({
      ...usual,
      name: 'soak',
      rate,
      seconds,
      checked: true,
      signal: stop.signal,
      onSecond,
    })
    return { runs: ceiling === undefined ? [run] : [ceiling, run], faults: growthFaults(minutes) }
  } finally {
    process.off('SIGINT', onInterruption)
    await session.close()
  }
}
