import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Position } from '../../domain/position.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { createLogger } from '../../infra/logging/logger.ts'
import { createMetrics } from '../../infra/metrics/metrics.ts'
import type { Finding } from '../../proof/statements.ts'
import { everything } from '../../reconciliation/everything.ts'
import { commonPosition } from '../../reconciliation/steps.ts'
import { openStore, type Surroundings } from '../ground.ts'
import { discardedText, parkedText } from '../parked/parked-text.ts'
import { type ParkedTotal, parkedTotals } from '../parked/parked-totals.ts'
import { findReadModels } from '../rebuild/find-read-models.ts'
import { openPlaces } from '../reconciliation/open-places.ts'
import { createTeardown } from '../teardown.ts'

/** Whether there are read models at all: a copy of a log may have come alone. */
export const hasReadModels = ({ READ_MODELS, DAYBOOK_DATA }: Config): boolean =>
  READ_MODELS === 'postgres' || existsSync(join(DAYBOOK_DATA, 'postgres', 'PG_VERSION'))

const noteOf = (total: ParkedTotal): string | undefined => {
  const what = discardedText(total)
  return what === undefined ? undefined : `read models, ${total.projection}: ${what}`
}

/** Up to where the read models were compared, and what is there in all knowledge that it is not what the log gives. */
export type Compared = { readonly upTo: Position; readonly notes: readonly string[] }

/**
 * Holds the read models against folds of the log, up to where they have come; starts their PostgreSQL where nobody runs
 * on the folder. Tells what differs and what is parked: rows of a stream that is followed no further are no fold of it. What
 * an operator has discarded is so by a decision that the log has, and only noted. Changes nothing. Throws a `StartError`
 * where they cannot be asked.
 */
export const verifyReadModels = async (
  config: Config,
  onFinding: (finding: Finding) => void,
  onProgress: (at: Position) => void,
): Promise<Compared> => {
  const log = createLogger(config, 'verify')
  const teardown = createTeardown(log)
  const stop = new AbortController()
  const onFailure = (reason: Error): void => stop.abort(reason)
  const surroundings: Surroundings = { config, metrics: createMetrics('verify'), log, teardown, onFailure }
  try {
    const { place } = await findReadModels(surroundings)
    const located = { ...surroundings, config: { ...config, ...place } }
    const logs = openStore(located, true)
    const { places: all, servers } = openPlaces(located, logs)
    const places = all.filter(({ where }) => where === 'postgres')
    const parts = { logs: logs.each, places, head: () => logs.all.head() }
    const upTo = await commonPosition(parts)
    for await (const { differences, at } of everything(parts, upTo, stop.signal)) {
      for (const { part, record, kind, stream, key, sequence } of differences)
        onFinding({
          where: `read models, ${part}`,
          what: `${record} of ${stream}${key === undefined ? '' : ` (${key})`} is ${kind} (event ${sequence})`,
        })
      if (at !== undefined) onProgress(at)
    }
    const totals = await parkedTotals(servers, logs.all)
    for (const total of totals) {
      const what = parkedText(total)
      if (what !== undefined) onFinding({ where: `read models, ${total.projection}`, what })
    }
    return { upTo, notes: totals.flatMap((total) => noteOf(total) ?? []) }
  } finally {
    await teardown.run()
  }
}
