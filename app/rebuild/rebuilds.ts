import type { Projection } from '../../projections/projection.ts'
import { type Diff, diffCopies } from '../../projections/rebuild/diff.ts'
import { dropCopies } from '../../projections/rebuild/drop.ts'
import { rollBack, type Switched, switchCopies } from '../../projections/rebuild/switch.ts'
import type { Logs } from '../engines/event-store.ts'
import type { Surroundings } from '../ground.ts'
import { type RebuildProgress, progressOf } from './progress-now.ts'
import { openRebuildDesk, projectionOf, type RebuildDesk } from './rebuild-desk.ts'
import { type Start, type StartedRebuild, startRebuild } from './started-rebuild.ts'

/** What operators can do about copies over HTTP. All throw `RebuildRefused` where it does not fit what is there. */
export type Rebuilds = {
  /** What they are done with; connects when it is first asked for. */
  readonly desk: () => Promise<RebuildDesk>
  start(order: StartedRebuild): Promise<Start>
  /** Stops it wherever it runs; whether one did. */
  stop(projection: string): Promise<boolean>
  /** Looks how far it is, again and again. */
  progress(projection: string): () => Promise<RebuildProgress>
  diff(projection: string, signal: AbortSignal): Promise<Diff>
  switchOver(projection: string): Promise<Switched>
  rollBack(projection: string): Promise<Switched>
  /** In how many shards. */
  drop(projection: string): Promise<number>
  readonly shardCount: number
}

/** Connects when it is first asked for something. */
export const openRebuilds = (surroundings: Surroundings, logs: Logs): Rebuilds => {
  const { config } = surroundings
  let opened: Promise<RebuildDesk> | undefined
  const desk = (): Promise<RebuildDesk> => {
    opened ??= openRebuildDesk(surroundings, logs).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const named = (name: string): Projection => projectionOf(name, logs.stride)
  return {
    desk,
    shardCount: config.SHARDS,
    start: (order) => startRebuild(config, order),
    stop: async (projection) => (await desk()).stop(projection),
    progress: (projection) => {
      let look: (() => Promise<RebuildProgress>) | undefined
      return async () => (look ??= progressOf(await desk(), named(projection)))()
    },
    diff: async (projection, signal) => diffCopies((await desk()).servers, named(projection), signal),
    switchOver: async (projection) => {
      const { alone, servers } = await desk()
      return alone(projection, () => switchCopies(servers, projection))
    },
    rollBack: async (projection) => {
      const { alone, servers } = await desk()
      return alone(projection, () => rollBack(servers, projection))
    },
    drop: async (projection) => {
      const { alone, servers } = await desk()
      return alone(projection, () => dropCopies(servers, named(projection)))
    },
  }
}
