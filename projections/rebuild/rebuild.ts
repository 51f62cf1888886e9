import { type Position, positionAt, reached, sequencesIn } from '../../domain/position.ts'
import type { Place } from '../apply-whole.ts'
import { allCopies, type CopiesAt, standingOf, type Standing } from '../copies/beside.ts'
import type { Copy } from '../copies/copy.ts'
import { indexOfShard } from '../copies/copy.ts'
import { targetOf } from '../copies/target.ts'
import type { EventFeed } from '../event-feed.ts'
import type { Logger } from '../logger.ts'
import { partitionsOf } from '../partitions.ts'
import type { Projection } from '../projection.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import type { StatusCache } from '../status-cache.ts'
import type { StreamReader } from '../stream-reader.ts'
import { takeUpIn } from '../take-up.ts'
import { beginCopy } from './begin-copy.ts'
import { type BuildTools, buildTo, builtTo, planOf } from './build.ts'
import { analyze, feedPlaces, handOver, lackingIndexes, makeIndex, stopHere, type Unfinished } from './finish-copy.ts'
import { inLanes } from './in-lanes.ts'
import { RebuildRefused } from './refused.ts'

/** How far a rebuild is. Events are counted from the beginning of the logs. */
export type Progress = {
  readonly phase: 'building' | 'indexes' | 'catchingUp'
  readonly done: number
  readonly total: number
}

export type RebuildTools = Pick<BuildTools, 'maxRate' | 'signal'> & {
  /** All of them. */
  readonly servers: readonly ReadModelServer[]
  readonly feed: EventFeed
  readonly head: () => Promise<Position>
  /** The streams of all logs, for what an older version could not read when it built a part of the copy. */
  readonly streams: StreamReader
  readonly logger: Logger
  readonly onProgress: (progress: Progress) => void
}

export type Order = {
  /** The code that writes the copy. */
  readonly projection: Projection
  /** The shard, by its schema; all where absent. */
  readonly shard?: string
  /** Where to stop; where absent the copy is brought up to the log and followed from then on. */
  readonly to?: Position
}

/** How a rebuild ended. */
export type Ended = 'stopped' | 'builtTo' | 'caughtUp'

/** So close to the log's end that the projectors may take over: they go on from here for what they follow besides. */
const nearEvents = 5_000
const indexLanes = 2

type Site = Unfinished & { readonly place: Place; readonly live: Copy }

const wantedShards = (servers: readonly ReadModelServer[], shard: string | undefined): readonly string[] =>
  servers.flatMap(({ shards }) => shards).filter((each) => shard === undefined || each === shard)

/** The number of the copy that goes on or begins. Throws `RebuildRefused` where something else is in the way. */
const numberOf = (standing: Standing, shards: readonly string[], { name, version }: Projection): number => {
  const copies = allCopies(standing)
  const beside = copies.filter(({ live }) => !live)
  const [first] = beside
  const highest = Math.max(1, ...standing.pointer.numbers, ...copies.map(({ number }) => number))
  if (first === undefined) return highest + 1
  const kept = beside.find(({ shard, number }) => standing.pointer.before?.[indexOfShard(shard)] === number)
  if (kept !== undefined)
    throw new RebuildRefused(`copy ${kept.number} of ${name} is kept as the way back: drop it before another is built`)
  const elsewhere = beside.find(({ shard }) => !shards.includes(shard))
  if (elsewhere !== undefined)
    throw new RebuildRefused(`a copy of ${name} in ${elsewhere.shard} is there already: go on with it or drop it`)
  if (first.version !== version)
    throw new RebuildRefused(`copy ${first.number} of ${name} is of version ${first.version}: drop it first`)
  return first.number
}

const sitesOf = (
  { at }: Standing,
  shards: readonly string[],
  number: number,
  projection: Projection,
): readonly Site[] =>
  at.flatMap(({ server, copies }: CopiesAt) => {
    const place = { server, partitions: partitionsOf(server) }
    return server.shards.flatMap((shard) => {
      const live = copies.find((copy) => copy.shard === shard && copy.live)
      if (!shards.includes(shard) || live === undefined) return []
      const copy = { ...live, number, live: false }
      // Each remembers what it is in the middle of.
      return [{ server, place, live, number, target: targetOf(copy, projection.anew()) }]
    })
  })

/** No cache hears of a copy that is not read. */
const deaf: StatusCache = { put: () => undefined }

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/**
 * Builds a copy of a projection beside the live one, or goes on with one that was begun, until the projectors can follow
 * it. The caller holds the projection's rebuild lock. Whatever ends it, the same call goes on from there. Throws
 * `RebuildRefused` where something is in the way, and `StoreUnavailable`.
 */
export const rebuild = async (tools: RebuildTools, { projection, shard, to }: Order): Promise<Ended> => {
  const { servers, feed, head, signal, onProgress } = tools
  const shards = wantedShards(servers, shard)
  if (shards.length === 0) throw new RebuildRefused(`there is no shard ${shard}`)
  const end = await head()
  if (to !== undefined && !reached(end, to)) throw new RebuildRefused(`the log ends at ${end}, before ${to}`)
  const standing = await standingOf(servers, projection.name)
  const number = numberOf(standing, shards, projection)
  const states = new Map(allCopies(standing).flatMap((copy) => (copy.live ? [] : [[copy.shard, copy.state] as const])))
  if (shards.every((each) => states.get(each) === 'caughtUp')) return 'caughtUp'

  const all = sitesOf(standing, shards, number, projection)
  const sites = all.filter(({ target }) => states.get(target.shard) !== 'caughtUp')
  for (const { server, target } of sites) await beginCopy(server, target, number, feed)
  if (to !== undefined && !reached(to, positionAt(await builtTo(sites, feed.logs))))
    throw new RebuildRefused(`the copy is beyond ${to} already: drop it to build another`)

  let phase: Progress['phase'] = 'building'
  let done = sum(await builtTo(sites, feed.logs))
  let total = sum(sequencesIn(to ?? end))
  const tell = (): void => onProgress({ phase, done, total: Math.max(done, total) })
  const build = async (upTo: Position): Promise<void> => {
    total = sum(sequencesIn(upTo))
    tell()
    const onEvents = (events: number): void => {
      done += events
      tell()
    }
    await buildTo(sites, upTo, { ...tools, onEvents })
    done = sum(await builtTo(sites, feed.logs))
  }
  const buildToEnd = async (): Promise<void> => {
    for (let upTo = await head(); !signal.aborted; ) {
      await build(upTo)
      upTo = await head()
      total = sum(sequencesIn(upTo))
      if (total - done <= nearEvents) return
    }
  }
  const makeIndexes = async (): Promise<void> => {
    phase = 'indexes'
    const lacking = await Promise.all(sites.map(lackingIndexes))
    tell()
    const work = sites.flatMap((site, index) => Array.from({ length: lacking[index] ?? 0 }, () => site))
    await inLanes(
      indexLanes,
      work.map((site) => async () => {
        if (!signal.aborted) await makeIndex(site)
        tell()
      }),
    )
    for (const site of sites) if (!signal.aborted) await analyze(site)
  }

  const takeUp = async (): Promise<void> => {
    for (const { place, target } of sites)
      await takeUpIn({ ...tools, ...place, log: tools.streams, statusCache: deaf }, planOf(target), signal)
  }

  if (to !== undefined) await build(to)
  else await buildToEnd()
  if (!signal.aborted) await makeIndexes()
  if (!signal.aborted) await takeUp()
  if (signal.aborted) return 'stopped'
  if (to !== undefined) {
    for (const site of sites) await stopHere(site)
    return 'builtTo'
  }
  phase = 'catchingUp'
  const places = await Promise.all(sites.map(({ server, live }) => feedPlaces(server, live)))
  await buildToEnd()
  if (signal.aborted) return 'stopped'
  await build(await head())
  for (const [index, site] of sites.entries()) await handOver(site, places[index] ?? [])
  // Projectors look for new copies when events come: what has come just before would wait for the next one.
  await build(await head())
  return 'caughtUp'
}
