import { applyBatch, byShard, Hole } from './apply-batch.ts'
import { applyCarefully } from './apply-carefully.ts'
import { applyQuickly } from './apply-quickly.ts'
import { CopiesChanged, type Plan } from './copies/target.ts'
import type { Result } from './do-work.ts'
import type { Stretch } from './event-feed.ts'
import { type Month, monthsIn } from './month.ts'
import type { Partitions } from './partitions.ts'
import { type ReadModelServer, StoreUnavailable } from './read-model-store.ts'

/** Where batches are applied. */
export type Place = { readonly server: ReadModelServer; readonly partitions: Partitions }

/** The months of each schema's events. */
const monthsOf = (
  server: ReadModelServer,
  { targets }: Plan,
  batch: readonly Stretch[],
): ReadonlyMap<string, ReadonlySet<Month>> => {
  const all = batch.flatMap(({ events }) => events)
  const months = new Map([...byShard(server, all)].map(([shard, events]) => [shard, monthsIn(events)]))
  return new Map(targets.map(({ shard, schema }) => [schema, months.get(shard) ?? new Set()]))
}

/** Nothing is at fault with the events: they are to be applied again, to the same targets or after something else. */
const isOfTheTime = (error: unknown): boolean =>
  error instanceof StoreUnavailable || error instanceof Hole || error instanceof CopiesChanged

/** Applies one batch, quickly; if anything in it is at fault, carefully. Rejects as `applyBatch` does. */
export const applyWhole = async (
  { server, partitions }: Place,
  plan: Plan,
  batch: readonly Stretch[],
): Promise<Result> => {
  const months = monthsOf(server, plan, batch)
  await partitions.ensure(months)
  try {
    return await applyBatch(server, plan, batch, applyQuickly)
  } catch (error) {
    if (isOfTheTime(error)) throw error
    for (const { projection } of plan.targets) projection.forget()
    partitions.forget()
    await partitions.ensure(months)
    return await applyBatch(server, plan, batch, applyCarefully)
  }
}
