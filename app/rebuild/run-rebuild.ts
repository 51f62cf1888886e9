import { isPosition } from '../../domain/position.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics } from '../../infra/metrics/metrics.ts'
import { schemaOf } from '../../infra/postgres/shards.ts'
import { yieldToOthers } from '../../infra/yield-to-others.ts'
import type { Projection } from '../../projections/projection.ts'
import { type Diff, diffCopies } from '../../projections/rebuild/diff.ts'
import { dropCopies } from '../../projections/rebuild/drop.ts'
import { type Progress, rebuild } from '../../projections/rebuild/rebuild.ts'
import { CopyBehind } from '../../projections/rebuild/refused.ts'
import { assertLevel } from '../../projections/rebuild/caught-up.ts'
import { rollBack, switchCopies } from '../../projections/rebuild/switch.ts'
import { strideOf } from '../engines/event-store.ts'
import { openStore, type Surroundings } from '../ground.ts'
import { StartError } from '../start-error.ts'
import { createTeardown } from '../teardown.ts'
import { diffLines } from './diff-lines.ts'
import { findReadModels } from './find-read-models.ts'
import { patiently } from './patiently.ts'
import { openRebuildDesk, projectionOf, type RebuildDesk } from './rebuild-desk.ts'
import { showProgress } from './show-progress.ts'
import { tellStarter } from './started-rebuild.ts'

export type RebuildOptions = {
  readonly shard?: number
  readonly to?: string
  readonly maxRate?: number
  readonly switch?: boolean
  readonly diff?: boolean
  readonly rollback?: boolean
  readonly drop?: boolean
  /** Ends when the copy has caught up, and compares nothing. */
  readonly buildOnly?: boolean
}

/** How long the projections are given to bring a copy from where it was left to them up to the live one. */
const levelMs = 60_000

/** Throws a `StartError` where options make no sense, or not together. */
const check = ({ SHARDS }: Config, { shard, to, maxRate, ...options }: RebuildOptions): void => {
  if (shard !== undefined && shard >= SHARDS)
    throw new StartError(`there is no shard ${shard}: they are 0 to ${SHARDS - 1}`)
  if (maxRate !== undefined && maxRate < 1) throw new StartError('--max-rate is at least 1')
  if (to !== undefined && !isPosition(to)) throw new StartError(`“${to}” is no position`)
  const asked = (['switch', 'diff', 'rollback', 'drop'] as const).filter((name) => options[name] === true)
  if (asked.length > 1) throw new StartError(`--${asked[0]} and --${asked[1]} are not for one call`)
  if (to !== undefined && asked.length > 0)
    throw new StartError(`--to builds up to a position only, and not with --${asked[0]}: that copy is not followed`)
}

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

/** Waits until the copies are level where projections may be at work, then compares them. */
const compare = async (
  desk: RebuildDesk,
  projection: Projection,
  signal: AbortSignal,
  waitMs: number,
): Promise<Diff> => {
  await patiently(() => assertLevel(desk.servers, projection.name), waitMs).catch((error: unknown) => {
    if (!(error instanceof CopyBehind)) throw error
  })
  return diffCopies(desk.servers, projection, signal)
}

const build = async (
  desk: RebuildDesk,
  projection: Projection,
  { shard, to, maxRate }: RebuildOptions,
  signal: AbortSignal,
): Promise<'stopped' | 'builtTo' | 'caughtUp'> => {
  const shown = showProgress()
  let begun = false
  const onProgress = (progress: Progress): void => {
    if (!begun) tellStarter({ type: 'begun' })
    begun = true
    shown.update(progress)
  }
  try {
    return await rebuild(
      {
        servers: desk.servers,
        feed: desk.feed,
        streams: desk.streams,
        logger: desk.logger,
        head: desk.head,
        signal,
        onProgress,
        ...(maxRate === undefined ? {} : { maxRate }),
      },
      {
        projection,
        ...(shard === undefined ? {} : { shard: schemaOf(shard) }),
        ...(to === undefined ? {} : { to }),
      },
    )
  } finally {
    shown.stop()
  }
}

const perform = async (
  desk: RebuildDesk,
  projection: Projection,
  options: RebuildOptions,
  signal: AbortSignal,
  waitMs: number,
): Promise<number> => {
  const { servers } = desk
  const { name } = projection
  if (options.drop === true) {
    say([`The copies of ${name} that are not live are dropped, in ${await dropCopies(servers, projection)} shards.`])
    return 0
  }
  if (options.rollback === true) {
    const { number, shards } = await rollBack(servers, name)
    say([`Copy ${number} of ${name} is live again in ${shards} shards.`])
    return 0
  }
  if (options.diff !== true) {
    const ended = await build(desk, projection, options, signal)
    if (ended === 'stopped') {
      say(['Stopped. The same command goes on from here.'])
      return 130
    }
    if (ended === 'builtTo') {
      say([`Built up to ${options.to}, to be looked at; it is not followed and cannot be switched to.`])
      return 0
    }
  }
  if (options.buildOnly === true) return 0
  say(diffLines(await compare(desk, projection, signal, waitMs)))
  if (options.switch === true) {
    const { number, shards } = await patiently(() => switchCopies(servers, name), waitMs)
    say([`Copy ${number} of ${name} is live in ${shards} shards; --rollback goes back, --drop gives that up.`])
  }
  return 0
}

/**
 * Builds a projection's copy beside the live one, compares them, switches, goes back or drops what is not live. Returns the
 * exit code. Throws a `StartError`, `RebuildRefused` or `StoreUnavailable`; whatever ends a build, the same call goes on.
 */
export const runRebuild = async (config: Config, name: string, options: RebuildOptions): Promise<number> => {
  const projection = projectionOf(name, strideOf(config))
  check(config, options)
  yieldToOthers(process.pid)
  const log = createLogger(config, 'rebuild')
  const teardown = createTeardown(log)
  const stop = new AbortController()
  const onInterrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, onInterrupt)
  const surroundings: Surroundings = {
    config,
    metrics: createMetrics('rebuild'),
    log,
    teardown,
    onFailure: onInterrupt,
  }
  try {
    const { place, shared } = await findReadModels(surroundings)
    const located = { ...surroundings, config: { ...config, ...place } }
    const desk = await openRebuildDesk(located, openStore(located, true))
    return await desk.alone(name, (lock) => {
      const signal = AbortSignal.any([stop.signal, lock.lost])
      return perform(desk, projection, options, signal, shared ? levelMs : 0)
    })
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.off(signal, onInterrupt)
    await teardown.run()
  }
}
