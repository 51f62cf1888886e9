import type { MetricObjectWithValues, MetricValue } from 'prom-client'
import type { StatusEntry } from '../../projections/status-cache.ts'

/** What the projections' process tells the one that started it. */
export type Message =
  /** The tables are there and the log is being followed. */
  | { readonly type: 'ready' }
  /** This process's figures; now and then. */
  | { readonly type: 'metrics'; readonly snapshot: MetricObjectWithValues<MetricValue<string>>[] }
  /** What has changed, for a cache. */
  | { readonly type: 'statuses'; readonly entries: readonly StatusEntry[] }

/** Sends a message to the parent; resolves once it is on its way, at once where there is no parent. */
export const tellParent = (message: Message): Promise<void> =>
  new Promise((resolve, reject) => {
    if (!process.connected || process.send === undefined) return resolve()
    process.send(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)))
  })

/** So many that the one who reads a message is not kept from clients by it. */
const statusesAtOnce = 250

/** Sends what has changed, in messages of moderate size; resolves once all are on their way. */
export const tellStatuses = async (entries: readonly StatusEntry[]): Promise<void> => {
  for (let first = 0; first < entries.length; first += statusesAtOnce)
    await tellParent({ type: 'statuses', entries: entries.slice(first, first + statusesAtOnce) })
}
