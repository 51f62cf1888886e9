import type { Plan, Target } from './copies/target.ts'
import { type Cursor, lockCursors, moveCursors } from './cursors.ts'
import { doWork, type Result } from './do-work.ts'
import { keyOf, type PartName, type SeenPart, type Stretch } from './event-feed.ts'
import { type IsParked, readParked } from './parked-streams.ts'
import { readable } from './readable.ts'
import { type ReadModelServer, type Sql, StoreUnavailable } from './read-model-store.ts'
import { type LogEvent, merchantOf } from './unread.ts'
import type { Way, Work } from './work.ts'

/** The feed has left out what stands between what was seen of a part and what came. Nothing was applied. */
export class Hole extends Error {
  override name = 'Hole'
  readonly part: PartName
  readonly after: number
  readonly upTo: number

  constructor({ log, part }: PartName, after: number, upTo: number) {
    super(`log ${log}, part ${part}: what comes after ${after}, up to ${upTo}, was not handed out`)
    this.part = { log, part }
    this.after = after
    this.upTo = upTo
  }
}

/**
 * The events of each shard of a server; those of other servers' shards are left out. One that does not tell whose it is
 * may be of any: its stream is parked in all of them.
 */
export const byShard = (
  server: Pick<ReadModelServer, 'shards' | 'shardOf'>,
  events: readonly LogEvent[],
): ReadonlyMap<string, readonly LogEvent[]> => {
  const shards = new Map<string, LogEvent[]>(server.shards.map((schema) => [schema, []]))
  for (const event of events) {
    const merchantId = merchantOf(event)
    if (merchantId !== undefined) shards.get(server.shardOf(merchantId))?.push(event)
    else for (const each of shards.values()) each.push(event)
  }
  return shards
}

/** What each part of the batch comes to once all of it is applied. */
export const endOf = (batch: readonly Stretch[]): readonly SeenPart[] => {
  const ends = new Map<string, SeenPart>()
  for (const { log, part, upTo, offset } of batch) {
    const known = ends.get(keyOf({ log, part }))
    // Of those that end alike the last one is furthest in the feed.
    if (known !== undefined && known.sequence > upTo) continue
    ends.set(keyOf({ log, part }), { log, part, sequence: upTo, ...(offset === undefined ? {} : { offset }) })
  }
  return [...ends.values()]
}

/** Throws `Hole` where a stretch begins beyond what any of a part's cursors, and the stretches before it, have seen. */
const assertWithoutHole = (cursors: readonly Cursor[], batch: readonly Stretch[]): void => {
  const begun = new Map<string, number>()
  for (const cursor of cursors) {
    const key = keyOf(cursor)
    begun.set(key, Math.min(begun.get(key) ?? Number.MAX_SAFE_INTEGER, cursor.sequence))
  }
  const seen = new Map(begun)
  for (const stretch of batch) {
    const key = keyOf(stretch)
    const sequence = seen.get(key) ?? 0
    // Nothing of the batch will have been applied, neither what it has before the hole.
    if (stretch.after > sequence) throw new Hole(stretch, begun.get(key) ?? 0, stretch.after)
    seen.set(key, Math.max(sequence, stretch.upTo))
  }
}

/** All of them in a row; most batches have one run, which is not copied. */
const joined = (runs: readonly (readonly LogEvent[])[]): readonly LogEvent[] =>
  runs.length === 1 ? (runs[0] ?? []) : runs.flat()

/** What each target has not seen of the batch, in their order. */
const workFor = (
  server: ReadModelServer,
  targets: readonly Target[],
  sql: Sql,
  batch: readonly Stretch[],
  cursors: readonly Cursor[],
  isParked: IsParked,
): readonly Work[] => {
  const runs = targets.map((): (readonly LogEvent[])[] => [])
  const seen = new Map<string, number>()
  for (const { schema, projection, sequence, ...part } of cursors)
    seen.set(`${schema} ${projection} ${keyOf(part)}`, sequence)
  for (const stretch of batch) {
    const shards = byShard(server, stretch.events)
    for (const [index, { shard, schema, projection }] of targets.entries()) {
      const key = `${schema} ${projection.name} ${keyOf(stretch)}`
      let last = seen.get(key) ?? 0
      const unseen = (shards.get(shard) ?? []).filter(({ sequence, stream }) => {
        if (sequence <= last) return false
        // Also the same event may come twice in one batch.
        last = sequence
        return !isParked(schema, projection.name, stream)
      })
      seen.set(key, last)
      runs[index]?.push(unseen)
    }
  }
  return targets.flatMap(({ schema, projection, live }, index) => {
    const unseen = joined(runs[index] ?? [])
    return unseen.length === 0 ? [] : [{ projection, shard: { schema, sql }, live, ...readable(projection, unseen) }]
  })
}

/**
 * Brings all targets, of one server, from wherever they stand to where the batch ends, in one transaction.
 * Events that a cursor has passed are left out, so that the same batch can come any number of times, also to two
 * projectors that both take a part for theirs. Throws `Hole` when the batch does not go on from there, and what the plan
 * throws that does not hold any more.
 */
export const applyBatch = (
  server: ReadModelServer,
  { targets, confirm }: Plan,
  batch: readonly Stretch[],
  way: Way,
): Promise<Result> =>
  server.transaction(async (sql) => {
    await confirm(sql)
    const ends = endOf(batch)
    const cursors = await lockCursors(sql, targets, ends)
    // Without its cursor a projection would apply the same events again and again.
    if (cursors.length !== targets.length * ends.length)
      throw new StoreUnavailable('a projection is without its cursor')
    assertWithoutHole(cursors, batch)
    const isParked = await readParked(sql, [...new Set(targets.map(({ schema }) => schema))])
    const work = workFor(server, targets, sql, batch, cursors, isParked)
    const result = await doWork(work, way, batch)
    await moveCursors(sql, targets, ends)
    return result
  })
