import { type Context, Hono } from 'hono'
import { type Position, start } from '../../domain/position.ts'
import { methodFor } from '../../domain/repair/difference.ts'
import { requireRole } from '../../http/authenticate.ts'
import { positionHeader } from '../../http/position-header.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { readBody } from '../../http/read-body.ts'
import { validator } from '../../http/validate.ts'
import { type DifferenceRow, readDifferences } from '../../query-side/internal-reconciliation.ts'
import { type QueryShards, ReadModelUnavailable } from '../../query-side/shards.ts'
import { type KnownDifference, sourcesFirst } from '../../reconciliation/difference.ts'
import type { RepairOrders } from './repair-log.ts'
import { RepairBody } from './schemas.ts'

const check = validator(RepairBody)

/** A difference that is kept, as it was found. */
const knownOf = ({ sequence, revision, key, since, ...row }: DifferenceRow): KnownDifference => ({
  ...row,
  sequence: Number(sequence),
  since: since.toISOString(),
  ...(revision === null ? {} : { revision }),
  ...(key === null ? {} : { key }),
})

const find = async (shards: QueryShards, ids: readonly string[] | undefined): Promise<readonly KnownDifference[]> => {
  const rows = await readDifferences(shards, ids).catch((error: unknown) => {
    if (!(error instanceof ReadModelUnavailable)) throw error
    throw new Problem(503, 'readModelUnavailable', 'The read models cannot be asked at the moment; try again', {
      headers: { 'Retry-After': '1' },
    })
  })
  const missing = ids?.find((id) => rows.every((row) => row.id !== id))
  if (missing !== undefined) throw new Problem(404, 'notFound', `There is no difference ${missing} any more`)
  return rows.map(knownOf)
}

/** What operators do about differences: a repair is in the log before the reconciler makes it. */
export const repairRoutes = (shards: QueryShards, orders: Pick<RepairOrders, 'order'>): Hono<Edge> =>
  new Hono<Edge>().post('/v1/reconciliation/internal/repairs', async (c: Context<Edge>) => {
    const principal = c.get('principal')
    requireRole(principal, 'operator')
    const { differences: ids, reason } = check(await readBody(c))
    const found = await find(shards, ids)
    const by = `${principal.role} ${principal.keyId}`
    const data = []
    let last: Position = start
    for (const difference of sourcesFirst(found)) {
      const ordered = await orders.order(difference, { by, reason, traceId: c.get('traceId') })
      last = ordered.position
      const repair = methodFor(difference.where, difference.kind)
      data.push({ repairId: ordered.repairId, difference: difference.id, repair })
    }
    return c.json({ data }, 202, data.length === 0 ? {} : { [positionHeader]: last })
  })
