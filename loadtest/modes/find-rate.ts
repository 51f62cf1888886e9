import type { Options } from '../options.ts'
import type { Run } from '../result.ts'
import { openSession, say } from '../session.ts'
import type { Outcome } from './outcome.ts'

const steps = 4

/**
 * The highest rate that `holds`, to within a sixteenth of `ceiling`, by halving; undefined when even the lowest tried
 * does not. `holds` is asked for one rate after the other.
 */
export const highestRate = async (
  ceiling: number,
  holds: (rate: number) => Promise<boolean>,
): Promise<number | undefined> => {
  let best: number | undefined
  let low = 0
  let high = ceiling
  for (let step = 0; step < steps; step++) {
    // The ceiling itself is not tried: an open loop there has no room for what is uneven.
    const rate = Math.round((low + high) / 2)
    if (await holds(rate)) {
      best = rate
      low = rate
    } else {
      high = rate
    }
  }
  return best
}

/** Whether a run kept up: nearly all of what was due was accepted, and the projections were never a second behind. */
export const keptUp = ({ successRate, lag }: Run): boolean => successRate >= 0.999 && lag.p99Ms < 1_000

/** The highest rate of an open loop that keeps the lag of the projections (p99) under a second. */
export const findRate = async (options: Options): Promise<Outcome> => {
  const session = await openSession(options)
  const { batch, connections, seconds } = options
  const runs: Run[] = []
  try {
    const ceiling = await session.run({ name: 'ceiling', batch, connections, seconds, checked: false })
    runs.push(ceiling.run)
    const best = await highestRate(ceiling.run.perSecond, async (rate) => {
      const { run } = await session.run({ name: `${rate} a second`, batch, connections, rate, seconds, checked: true })
      runs.push(run)
      return keptUp(run)
    })
    say(
      best === undefined
        ? 'No rate that was tried keeps the lag p99 under a second.'
        : `The highest rate found that keeps the lag p99 under a second: ${best} commands a second.`,
    )
    return { runs, faults: [] }
  } finally {
    await session.close()
  }
}
