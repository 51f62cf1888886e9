import { Hono } from 'hono'
import { SettleBody } from '../../domain/merchant/request.ts'
import { settlementResource } from '../../domain/merchant/settlement.ts'
import { requireRole } from '../../http/authenticate.ts'
import { json } from '../../http/json.ts'
import { positionHeader } from '../../http/position-header.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { readBody } from '../../http/read-body.ts'
import { validator } from '../../http/validate.ts'
import type { Admission } from '../admission.ts'
import type { Settle } from './settle.ts'
import { isReadModelBehind } from './unsettled.ts'

const check = validator(SettleBody)

/** POST /v1/settlements: settles what can be settled now. */
export const settlementRoutes = (deps: { readonly settle: Settle; readonly admission: Admission }): Hono<Edge> => {
  const routes = new Hono<Edge>()

  routes.post('/v1/settlements', async (c) => {
    requireRole(c.get('principal'), 'finance', 'operator')
    const filter: SettleBody = check(await readBody(c))
    const { settled, position } = await deps.admission.run(() => deps.settle(filter)).catch(problemOf)
    return c.body(json({ data: settled.map(settlementResource) }), 201, {
      'Content-Type': 'application/json',
      [positionHeader]: position,
    })
  })
  return routes
}

const problemOf = (error: unknown): never => {
  if (!isReadModelBehind(error)) throw error
  throw new Problem(503, 'readModelBehind', 'The read models have not caught up; try again in a moment', {
    headers: { 'Retry-After': '1' },
  })
}
