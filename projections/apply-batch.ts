import type { RecordedEvent } from '../domain/event.ts'
import { positionOf } from '../domain/position.ts'
import { type Cursor, lockCursors, moveCursors } from './cursors.ts'
import { keyOf, type PartName, type SeenPart, type Stretch } from './event-feed.ts'
import { type Fault, type IsParked, park, readParked } from './parked-streams.ts'
import type { Changed, Projection } from './projection.ts'
import { type ReadModelServer, type Sql, StoreUnavailable } from './read-model-store.ts'
import type { StatusEntry } from './status-cache.ts'
import type { Way, Work } from './work.ts'

export type Parked = Fault & { readonly projection: string }

/** What a batch came to: everything that changed, and what was parked. */
export type Result = { readonly changed: readonly StatusEntry[]; readonly parked: readonly Parked[] }

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

/** The events of each shard of a server; those of other servers' shards are left out. */
export const byShard = (
  server: ReadModelServer,
  events: readonly RecordedEvent[],
): ReadonlyMap<string, readonly RecordedEvent[]> => {
  const shards = new Map<string, RecordedEvent[]>(server.shards.map((schema) => [schema, []]))
  for (const event of events) shards.get(server.shardOf(event.metadata.merchantId))?.push(event)
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
const joined = (runs: readonly (readonly RecordedEvent[])[]): readonly RecordedEvent[] =>
  runs.length === 1 ? (runs[0] ?? []) : runs.flat()

/** What each projection of each shard has not seen of the batch, in the order of the shards and projections. */
const workFor = (
  server: ReadModelServer,
  projections: readonly Projection[],
  sql: Sql,
  batch: readonly Stretch[],
  cursors: readonly Cursor[],
  isParked: IsParked,
): readonly Work[] => {
  const work = new Map<string, Omit<Work, 'events'> & { readonly runs: (readonly RecordedEvent[])[] }>()
  for (const schema of server.shards) {
    for (const projection of projections)
      work.set(`${schema} ${projection.name}`, { projection, shard: { schema, sql }, runs: [] })
  }
  const seen = new Map<string, number>()
  for (const { schema, projection, sequence, ...part } of cursors)
    seen.set(`${schema} ${projection} ${keyOf(part)}`, sequence)
  for (const stretch of batch) {
    for (const [schema, events] of byShard(server, stretch.events)) {
      for (const { name } of projections) {
        const of = `${schema} ${name}`
        const key = `${of} ${keyOf(stretch)}`
        let last = seen.get(key) ?? 0
        const unseen = events.filter(({ sequence, stream }) => {
          if (sequence <= last) return false
          // Also the same event may come twice in one batch.
          last = sequence
          return !isParked(schema, name, stream)
        })
        seen.set(key, last)
        work.get(of)?.runs.push(unseen)
      }
    }
  }
  return [...work.values()].flatMap(({ projection, shard, runs }) => {
    const events = joined(runs)
    return events.length === 0 ? [] : [{ projection, shard, events }]
  })
}

/** Tells up to where what changed speaks of its stream: as far as that stream's part was seen. */
const dated = (changed: readonly Changed[], batch: readonly Stretch[]): readonly StatusEntry[] => {
  const [only] = batch
  const places = new Map<string, string>()
  if (batch.length > 1) {
    for (const { log, upTo, events } of batch) {
      for (const { stream } of events) places.set(stream, positionOf({ log, sequence: upTo }))
    }
  }
  const first = only === undefined ? '0' : positionOf({ log: only.log, sequence: only.upTo })
  return changed.map(({ stream, id, version, merchantId, document }) => ({
    id,
    version,
    merchantId,
    document,
    position: places.get(stream) ?? first,
  }))
}

/**
 * Brings all projections of a server's shards from wherever they stand to where the batch ends, in one transaction.
 * Events that a cursor has passed are left out, so that the same batch can come any number of times, also to two
 * projectors that both take a part for theirs. Throws `Hole` when the batch does not go on from there.
 */
export const applyBatch = (
  server: ReadModelServer,
  projections: readonly Projection[],
  batch: readonly Stretch[],
  way: Way,
): Promise<Result> =>
  server.transaction(async (sql) => {
    const names = projections.map(({ name }) => name)
    const ends = endOf(batch)
    const cursors = await lockCursors(sql, server.shards, names, ends)
    // Without its cursor a projection would apply the same events again and again.
    if (cursors.length !== server.shards.length * names.length * ends.length)
      throw new StoreUnavailable('a projection is without its cursor')
    assertWithoutHole(cursors, batch)
    const isParked = await readParked(sql, server.shards)
    const work = workFor(server, projections, sql, batch, cursors, isParked)
    const outcomes = await way(work)
    const parked: Parked[] = []
    for (const [index, { shard, projection }] of work.entries()) {
      const faults = outcomes[index]?.faults ?? []
      await park(sql, shard.schema, projection.name, faults)
      parked.push(...faults.map((fault) => ({ ...fault, projection: projection.name })))
    }
    await moveCursors(sql, server.shards, names, ends)
    const changed = outcomes.flatMap((outcome) => outcome.changed)
    return { changed: dated(changed, batch), parked }
  })
