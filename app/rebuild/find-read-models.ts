import { setTimeout as wait } from 'node:timers/promises'
import { runningServer } from '../../infra/postgres/running-server.ts'
import { beginReadModels } from '../begin-read-models.ts'
import { openDataFolder } from '../data-folder.ts'
import { placeOf, type ReadModelsPlace } from '../engines/read-models.ts'
import type { Surroundings } from '../ground.ts'
import { lockFolder } from '../instance-lock.ts'

/** Where the read models are, and whether somebody else's projections may be at work there. */
export type FoundReadModels = { readonly place: ReadModelsPlace; readonly shared: boolean }

const pauseMs = 500
const patienceMs = 30_000

/**
 * The servers that are named; or else the PostgreSQL of the system that runs on the data folder; or else, where none
 * runs, one that this process starts, with the folder locked meanwhile. Throws a `StartError` or `PostgresError`.
 */
export const findReadModels = async (surroundings: Surroundings): Promise<FoundReadModels> => {
  const { config, teardown } = surroundings
  if (config.READ_MODELS === 'postgres') return { place: config, shared: true }
  const { path } = await openDataFolder(config.DAYBOOK_DATA)
  for (const deadline = performance.now() + patienceMs; ; await wait(pauseMs)) {
    const running = await runningServer(path)
    if (running !== undefined) return { place: placeOf(running), shared: true }
    try {
      const lock = await lockFolder(path)
      teardown.add('the lock', () => lock.release())
      break
    } catch (error) {
      // The system that has it may only be starting.
      if (performance.now() >= deadline) throw error
    }
  }
  const begun = await beginReadModels({ ...surroundings, config: { ...config, DAYBOOK_DATA: path } })
  await begun.ready
  return { place: begun.place, shared: false }
}
