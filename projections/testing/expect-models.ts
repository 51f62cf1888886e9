import { expect } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import { expectedModels } from './expected-models.ts'
import { expectPeriods } from './expect-periods.ts'
import { type Models, readModels, sorted, tables, timeless } from './read-models.ts'

const expectSame = (found: Models, expected: Models): void => {
  const [one, other] = [sorted(found), sorted(expected)]
  for (const table of tables) expect({ [table]: one[table] }).toEqual({ [table]: other[table] })
}

/** The read models are a fold of the log. */
export const expectModels = async (server: ReadModelServer, log: readonly RecordedEvent[]): Promise<void> => {
  expectSame(await readModels(server), expectedModels(log))
  await expectPeriods(server, log)
}

/** The read models are a fold of the log, but for since when a payout waits. */
export const expectModelsOfParts = async (server: ReadModelServer, log: readonly RecordedEvent[]): Promise<void> => {
  expectSame(timeless(await readModels(server)), timeless(expectedModels(log)))
  await expectPeriods(server, log)
}
