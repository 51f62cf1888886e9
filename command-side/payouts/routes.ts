import { Hono } from 'hono'
import { present } from '../../domain/present.ts'
import { requireRole } from '../../http/authenticate.ts'
import { refuseCardData } from '../../http/card-data.ts'
import { idempotencyKey, idempotencyKeyHeader } from '../../http/idempotency-key.ts'
import { ifMatch, preconditionFailed } from '../../http/if-match.ts'
import type { Edge } from '../../http/principal.ts'
import { readBody } from '../../http/read-body.ts'
import type { Admission } from '../admission.ts'
import { sentOf } from '../idempotency.ts'
import { respond } from '../respond.ts'
import { moves } from './moves.ts'
import type { MakePayoutCall } from './payout-call.ts'
import type { Payouts } from './payouts.ts'

const collection = '/v1/payouts'

/** POST /v1/payouts, and what the bank or an operator tells of a payout. */
export const payoutRoutes = (deps: {
  readonly payouts: Payouts
  readonly admission: Admission
  readonly payoutCall: MakePayoutCall
  readonly requireIfMatch: boolean
}): Hono<Edge> => {
  const { payouts, admission, payoutCall, requireIfMatch } = deps
  const routes = new Hono<Edge>()

  routes.post(collection, async (c) => {
    const principal = c.get('principal')
    requireRole(principal, 'merchant', 'operator')
    const given = await readBody(c)
    const call = payoutCall(given, () => idempotencyKey(c), { principal, traceId: c.get('traceId') })
    return respond(c, collection, await admission.run(() => payouts.request(call)))
  })

  for (const [name, move] of Object.entries(moves)) {
    routes.post(`${collection}/:payoutId/${name}`, async (c) => {
      requireRole(c.get('principal'), 'operator')
      const given = await readBody(c)
      refuseCardData(given)
      const { body, command } = move(given)
      const payoutId = c.req.param('payoutId')
      const key = c.req.header(idempotencyKeyHeader) === undefined ? undefined : idempotencyKey(c)
      const precondition = (revision: number): void => {
        if (!ifMatch(c.req.header('If-Match'), requireIfMatch)(revision)) throw preconditionFailed(revision)
      }
      const repeatable = key === undefined ? undefined : { key, ...sentOf(name, payoutId, body) }
      const call = { payoutId, traceId: c.get('traceId'), precondition, command, ...present({ repeatable }) }
      return respond(c, collection, await admission.run(() => payouts.move(call)))
    })
  }
  return routes
}
