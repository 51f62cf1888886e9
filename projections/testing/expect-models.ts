import { expect } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { ReadModelServer } from '../read-model-store.ts'
import { expectedModels } from './expected-models.ts'
import { type Models, readModels, sorted, tables } from './read-models.ts'

const timeless = (models: Models): Models => ({
  ...models,
  open_payouts: models.open_payouts.map((row) => ({ ...row, since: '' })),
})

const expectSame = (found: Models, expected: Models): void => {
  const [one, other] = [sorted(found), sorted(expected)]
  for (const table of tables) expect({ [table]: one[table] }).toEqual({ [table]: other[table] })
}

/** The read models are a fold of the log. */
export const expectModels = async (server: ReadModelServer, log: readonly RecordedEvent[]): Promise<void> =>
  expectSame(await readModels(server), expectedModels(log))

/**
 * The read models are a fold of the log, but for since when a payout waits: that depends on the order of its events and
 * its merchant's, which nobody vouches for where parts come in any order.
 */
export const expectModelsOfParts = async (server: ReadModelServer, log: readonly RecordedEvent[]): Promise<void> =>
  expectSame(timeless(await readModels(server)), timeless(expectedModels(log)))
