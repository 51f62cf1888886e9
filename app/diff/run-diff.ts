import { sequencesIn } from '../../domain/position.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { openDataFolder } from '../data-folder.ts'
import { openLogs } from '../engines/event-store.ts'
import { merchantOrHouse } from '../keys/owner.ts'
import { createProgress } from '../progress.ts'
import { boundOf } from './bound.ts'
import { diff } from './diff.ts'
import { diffJson } from './diff-json.ts'
import { diffText } from './diff-text.ts'

export type DiffOptions = {
  readonly from: string
  readonly to: string
  readonly merchant?: string
  readonly limit: number
  readonly json?: boolean
}

/**
 * Prints what changed in the books between two positions or instants, from the log alone, whether a server runs on it or
 * not. Returns the exit code: 1 where the changes do not sum to zero. Throws a `StartError`.
 */
export const runDiff = async (config: Config, options: DiffOptions): Promise<number> => {
  if (config.EVENT_STORE === 'lmdb') await openDataFolder(config.DAYBOOK_DATA)
  const merchantId = options.merchant === undefined ? undefined : merchantOrHouse(options.merchant)
  const logs = openLogs(config, { readOnly: true, onTrouble: () => undefined })
  try {
    const head = await logs.all.head()
    const now = new Date()
    const from = boundOf('--from', options.from, head, now)
    const to = boundOf('--to', options.to, head, now)
    const total = sequencesIn(head).reduce((sum, sequence) => sum + sequence, 0)
    const progress = createProgress(total, 'events')
    const found = await diff(logs, { from, to, merchantId, limit: options.limit }, (sequences, events) =>
      progress.update(sequences, events),
    ).finally(() => progress.stop())
    if (options.json === true) console.log(diffJson(found))
    else for (const line of diffText(found)) console.log(line)
    return found.totals.every(({ debit, credit }) => debit === credit) ? 0 : 1
  } finally {
    await logs.all.close()
  }
}
