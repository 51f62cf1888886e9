import type { Outcome } from '../../domain/repair/difference.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics } from '../../infra/metrics/metrics.ts'
import { yieldToOthers } from '../../infra/yield-to-others.ts'
import { makeRepair } from '../../reconciliation/repair.ts'
import { type KnownDifference, sourcesFirst } from '../../reconciliation/difference.ts'
import { compareAll } from '../../reconciliation/compare-all.ts'
import { commonPosition, type Parts } from '../../reconciliation/steps.ts'
import { openStore, type Surroundings } from '../ground.ts'
import { findReadModels } from '../rebuild/find-read-models.ts'
import { discardedText, parkedText } from '../parked/parked-text.ts'
import { type ParkedTotal, parkedTotals } from '../parked/parked-totals.ts'
import { createTeardown } from '../teardown.ts'
import { openPlaces } from './open-places.ts'
import { type RepairOrders, repairOrders } from './repair-log.ts'

export type ReconcileOptions = {
  readonly once?: boolean
  readonly repair?: boolean
  readonly reason: string
  readonly json?: boolean
}

/** So many are said, and repaired in one call. */
const most = 10_000

/** A difference that is known, and its repair where it was made. */
type Line = KnownDifference & { readonly repairId?: string; readonly outcome?: Outcome }

const said: Readonly<Record<Outcome, string>> = {
  made: 'repaired',
  notNeeded: 'nothing to repair any more',
  failed: 'could not be repaired: repair what it is made from, or rebuild its projection',
}

const textOf = ({ where, kind, record, part, stream, key, log, sequence, outcome, repairId }: Line): string =>
  `${where} ${part}: ${record} of ${stream}${key === undefined ? '' : ` (${key})`} is ${kind} (log ${log}, sequence ${sequence})${
    outcome === undefined ? '' : `; ${said[outcome]}, ${repairId}`
  }`

const show = (lines: readonly Line[], parked: readonly ParkedTotal[], position: string, json: boolean): void => {
  if (json) process.stdout.write(`${JSON.stringify({ position, differences: lines, parked })}\n`)
  else {
    process.stdout.write(`${lines.length} differences up to ${position}\n`)
    for (const line of lines) process.stdout.write(`  ${textOf(line)}\n`)
    for (const total of parked)
      for (const text of [parkedText(total), discardedText(total)])
        if (text !== undefined) process.stdout.write(`postgres ${total.projection}: ${text}\n`)
  }
}

const repairAll = async (
  parts: Parts,
  log: RepairOrders,
  known: readonly KnownDifference[],
  reason: string,
): Promise<readonly Line[]> => {
  const lines: Line[] = []
  for (const difference of sourcesFirst(known)) {
    const { repairId } = await log.order(difference, { by: 'command line', reason })
    const outcome = await makeRepair({ places: parts.places, book: parts.book, log }, repairId)
    lines.push({ ...difference, repairId, ...(outcome === undefined ? {} : { outcome }) })
  }
  return lines
}

/**
 * Says what differs from the log: what the reconciler has found, or what a comparison of everything finds now; and repairs it
 * where that is asked for. Returns 0 where nothing differs or all of it was repaired, 1 otherwise; a parked stream is
 * no difference, but is said. Throws a `StartError`.
 */
export const runReconcile = async (config: Config, options: ReconcileOptions): Promise<number> => {
  const { once = false, repair = false, reason, json = false } = options
  yieldToOthers(process.pid)
  const log = createLogger(config, 'reconcile')
  const teardown = createTeardown(log)
  const stop = new AbortController()
  const onInterrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onInterrupt)
  const metrics = createMetrics('reconcile')
  const surroundings: Surroundings = { config, metrics, log, teardown, onFailure: onInterrupt }
  try {
    const { place } = await findReadModels(surroundings)
    const located = { ...surroundings, config: { ...config, ...place } }
    const logs = openStore(located, !repair)
    const { places, book, servers } = openPlaces(located, logs)
    const now = (): Date => new Date()
    const parts: Parts = {
      logs: logs.each,
      head: () => logs.all.head(),
      places,
      book,
      onPage: async () => undefined,
      now,
    }
    const position = once ? await commonPosition(parts) : (await book.read()).position
    if (once) {
      const onProgress = (at: string): void => void process.stderr.write(`compared up to ${at} of ${position}\n`)
      await compareAll(parts, position, onProgress, stop.signal)
    }
    const known = await book.known(most)
    const orders = repairOrders(logs.all, () => now().toISOString())
    const lines: readonly Line[] = repair ? await repairAll(parts, orders, known, reason) : known
    show(lines, await parkedTotals(servers, logs.all), position, json)
    return lines.every(({ outcome }) => outcome === 'made' || outcome === 'notNeeded') ? 0 : 1
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onInterrupt)
    await teardown.run()
  }
}
