import { Problem } from '../../http/problem.ts'
import { StoreUnavailable } from '../../projections/read-model-store.ts'
import { RebuildRefused } from '../../projections/rebuild/refused.ts'

/** Throws what clients are told: 409 `rebuildRefused`, 503 `readModelUnavailable`, or the error itself. */
export const problemOf = (error: unknown): never => {
  if (error instanceof RebuildRefused) throw new Problem(409, 'rebuildRefused', error.message)
  if (!(error instanceof StoreUnavailable)) throw error
  throw new Problem(503, 'readModelUnavailable', 'The read models cannot be asked at the moment; try again', {
    headers: { 'Retry-After': '1' },
  })
}
