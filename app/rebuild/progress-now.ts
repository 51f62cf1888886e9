import type { Static } from 'typebox'
import { sequencesIn } from '../../domain/position.ts'
import { allCopies, pairs, standingOf } from '../../projections/copies/beside.ts'
import { builtTo } from '../../projections/rebuild/build.ts'
import { targetOf } from '../../projections/copies/target.ts'
import type { Projection } from '../../projections/projection.ts'
import { partitionsOf } from '../../projections/partitions.ts'
import { type Pace, paceOf } from './pace.ts'
import type { RebuildDesk } from './rebuild-desk.ts'
import type { RebuildProgressSchema } from './schemas.ts'

export type RebuildProgress = Static<typeof RebuildProgressSchema>

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** Looks at it again and again; each look knows the one before. */
export const progressOf = (desk: RebuildDesk, projection: Projection): (() => Promise<RebuildProgress>) => {
  const { name } = projection
  const pace = paceOf()
  return async () => {
    const running = await desk.isRunning(name)
    const standing = await standingOf(desk.servers, name)
    const beside = allCopies(standing).filter(({ live }) => !live)
    const total = sum(sequencesIn(await desk.head()))
    if (beside.length === 0)
      return { projection: name, state: 'none', running, done: 0, total, eventsPerSecond: 0, secondsLeft: null }
    const sites = pairs(standing).map(({ server, beside: copy }) => ({
      place: { server, partitions: partitionsOf(server) },
      target: targetOf(copy, projection),
    }))
    const done = sum(await builtTo(sites, desk.feed.logs))
    const { perSecond, secondsLeft }: Pace = pace(done, total)
    return {
      projection: name,
      state: beside.find(({ state }) => state !== 'caughtUp')?.state ?? 'caughtUp',
      running,
      done,
      total: Math.max(done, total),
      eventsPerSecond: Math.max(0, Math.round(perSecond)),
      secondsLeft: secondsLeft === undefined ? null : Math.ceil(secondsLeft),
    }
  }
}
