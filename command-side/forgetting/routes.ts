import { Hono } from 'hono'
import { requireRole } from '../../http/authenticate.ts'
import { refuseCardData } from '../../http/card-data.ts'
import { json } from '../../http/json.ts'
import { positionHeader } from '../../http/position-header.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { readBody } from '../../http/read-body.ts'
import { validator } from '../../http/validate.ts'
import type { EventStore } from '../event-store.ts'
import { merchantIdOf } from '../merchants/routes.ts'
import type { ForgettingDesk } from './desk.ts'
import { ForgetBody } from './requests.ts'

const check = validator(ForgetBody)

const customerNotFound = (): Problem =>
  new Problem(404, 'customerNotFound', 'The merchant has no payments of such a customer')

/** Forgetting a customer: for operators. Asked for again it does what is left, so no key is needed. */
export const forgettingRoutes = (deps: {
  readonly store: Pick<EventStore, 'head'>
  readonly desk: ForgettingDesk
}): Hono<Edge> => {
  const { store, desk } = deps
  const routes = new Hono<Edge>()

  routes.post('/v1/merchants/:merchantId/customers/:customerId/forget', async (c) => {
    const principal = c.get('principal')
    requireRole(principal, 'operator')
    const given = await readBody(c)
    refuseCardData(given)
    const { reason }: ForgetBody = check(given)
    const id = c.req.param('customerId')
    if (id.length > 100) throw customerNotFound()
    const subject = { type: 'customer', id } as const
    const told = await desk.ask({ merchantId: merchantIdOf(c), subject, reason, by: `key ${principal.keyId}` })
    if (told.done && told.found === 0) throw customerNotFound()
    return c.body(json(told), told.done ? 200 : 202, {
      'Content-Type': 'application/json',
      [positionHeader]: await store.head(),
    })
  })
  return routes
}
