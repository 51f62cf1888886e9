import { setTimeout as sleep } from 'node:timers/promises'
import { openLogs } from '../../app/engines/event-store.ts'
import type { RecordedEvent } from '../../domain/event.ts'
import { start } from '../../domain/position.ts'
import { loadConfig } from '../../infra/config/load-config.ts'
import { expectedModels } from '../../projections/testing/expected-models.ts'
import { type Models, readModels, tables, timeless } from '../../projections/testing/read-models.ts'
import { allRead } from '../../projections/unread.ts'
import { openTables } from '../tables.ts'
import { differences } from './differences.ts'
import { logFaults } from './log-faults.ts'

/** The log and the tables of an installation, read past all of Daybook's processes. */
export type Ledger = {
  /** Reads what the log has gained; resolves to all of it. */
  readOn(): Promise<readonly RecordedEvent[]>
  /** The position of its end. */
  head(): Promise<string>
  /** What is wrong in the log, and between it and the tables, once nothing is written any more. */
  faults(): Promise<readonly string[]>
  close(): Promise<void>
}

const longestMs = 90_000

const together = (all: readonly Models[]): Models =>
  Object.fromEntries(tables.map((table) => [table, all.flatMap((models) => models[table])])) as unknown as Models

/** Opens it with the settings of its processes. */
export const openLedger = (settings: Readonly<Record<string, string>>): Ledger => {
  const logs = openLogs(loadConfig(settings), { readOnly: true, onTrouble: () => undefined })
  const opened = openTables(settings)
  const log: RecordedEvent[] = []
  let position = start

  const readOn = async (): Promise<readonly RecordedEvent[]> => {
    for (;;) {
      const { events, position: reached } = await logs.all.readAll(position, 2_000)
      if (events.length === 0) return log
      log.push(...allRead(events))
      position = reached
    }
  }
  const found = async (): Promise<Models> => timeless(together(await Promise.all(opened.servers.map(readModels))))
  return {
    readOn,
    head: () => logs.all.head(),
    faults: async () => {
      const until = performance.now() + longestMs
      for (;;) {
        const expected = timeless(expectedModels(await readOn()))
        const wrong = differences(await found(), expected)
        if (wrong.length === 0 || performance.now() > until) return [...logFaults(log), ...wrong]
        // The projections may have to come to the head, and settlements go on.
        await sleep(500)
      }
    },
    close: async () => {
      await opened.close()
      await logs.all.close()
    },
  }
}
