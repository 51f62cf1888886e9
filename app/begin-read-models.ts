import { beginPostgres } from '../infra/postgres/server.ts'
import { placeOf, type ReadModelsPlace } from './engines/read-models.ts'
import type { Surroundings } from './ground.ts'

/** A PostgreSQL that this program has started, or servers that are there. */
export type BegunReadModels = {
  readonly place: ReadModelsPlace
  /** It may have to recover from a crash before. */
  readonly ready: Promise<void>
}

/** Starts PostgreSQL on the data folder where no servers are named. Throws `PostgresError`. */
export const beginReadModels = async ({ config, teardown, onFailure }: Surroundings): Promise<BegunReadModels> => {
  if (config.READ_MODELS === 'postgres') return { place: config, ready: Promise.resolve() }
  const postgres = await beginPostgres(config.DAYBOOK_DATA, config.DB_PORT)
  teardown.add('PostgreSQL', () => postgres.stop())
  void postgres.died.then(onFailure)
  return { place: placeOf(postgres.connection), ready: postgres.ready }
}
