import { join } from 'node:path'
import type { Config } from '../../infra/config/load-config.ts'
import { eventStores } from '../../infra/config/places.ts'
import { openEventStoreDb } from '../../infra/eventstoredb/event-store.ts'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { type OpenStore, spreadStores } from '../../infra/spread-stores.ts'

/** The event store as one, and its logs one by one: one log, or one for each store that the streams are spread over. */
export type Logs = {
  readonly all: OpenStore
  readonly each: readonly OpenStore[]
  /** How far it is from one event of a log to the next: what the sizes of periods follow from (`domain/period.ts`). */
  readonly stride: number
}

/** An LMDB log counts its events; the positions of an EventStoreDB are bytes, of which an event takes about as many. */
const strides = { lmdb: 1, eventstoredb: 1_024 } as const

/** The stride of the logs that are chosen. */
export const strideOf = (config: Config): number => strides[config.EVENT_STORE]

export type LogsOptions = {
  /** Nothing is appended; 'false' when absent. */
  readonly readOnly?: boolean
  /** Hears what a subscription goes on after. */
  readonly onTrouble: (error: unknown) => void
}

/** Opens the event store that is chosen. Closing `all` closes each. */
export const openLogs = (config: Config, { readOnly = false, onTrouble }: LogsOptions): Logs => {
  if (config.EVENT_STORE === 'lmdb') {
    const path = join(config.DAYBOOK_DATA, 'log')
    const log = openEventLog({ path, readOnly, maxQueued: 2 * config.MAX_IN_FLIGHT })
    return { all: log, each: [log], stride: strideOf(config) }
  }
  const each = eventStores(config).map((connectionString, log) =>
    openEventStoreDb({ connectionString, log, onTrouble }),
  )
  const [only, ...more] = each
  return {
    all: only !== undefined && more.length === 0 ? only : spreadStores(each),
    each,
    stride: strideOf(config),
  }
}
