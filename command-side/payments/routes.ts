import { Hono } from 'hono'
import type { Role } from '../../domain/merchant/role.ts'
import { requireRole } from '../../http/authenticate.ts'
import { idempotencyKey, idempotencyKeyHeader } from '../../http/idempotency-key.ts'
import { ifMatch, preconditionFailed } from '../../http/if-match.ts'
import type { Edge } from '../../http/principal.ts'
import { readBody } from '../../http/read-body.ts'
import type { Admission } from '../admission.ts'
import { respond } from '../respond.ts'
import type { MakeAuthorizeCall } from './authorize-call.ts'
import type { ChangeType } from './change-commands.ts'
import { changeCall } from './change-call.ts'
import type { Payments } from './handle.ts'

type Endpoint = { readonly path: string; readonly roles: readonly Role[]; readonly key: 'required' | 'optional' }

const own: readonly Role[] = ['merchant', 'operator']
const house: readonly Role[] = ['operator']

const endpoints: Readonly<Record<ChangeType, Endpoint>> = {
  capture: { path: 'captures', roles: own, key: 'required' },
  void: { path: 'voids', roles: own, key: 'required' },
  increment: { path: 'increments', roles: own, key: 'required' },
  refund: { path: 'refunds', roles: own, key: 'required' },
  openDispute: { path: 'disputes', roles: house, key: 'required' },
  // Doing these twice is refused by the rules, so a key is not needed.
  expire: { path: 'expirations', roles: house, key: 'optional' },
  winDispute: { path: 'disputes/:disputeId/won', roles: house, key: 'optional' },
  loseDispute: { path: 'disputes/:disputeId/lost', roles: house, key: 'optional' },
}

const collection = '/v1/payments'

/** POST /v1/payments and all that hangs below a payment. */
export const paymentRoutes = (deps: {
  readonly payments: Payments
  readonly admission: Admission
  readonly authorizeCall: MakeAuthorizeCall
  readonly requireIfMatch: boolean
}): Hono<Edge> => {
  const { payments, admission, authorizeCall, requireIfMatch } = deps
  const routes = new Hono<Edge>()

  routes.post(collection, async (c) => {
    const principal = c.get('principal')
    requireRole(principal, ...own)
    const body = await readBody(c)
    const call = authorizeCall(body, () => idempotencyKey(c), { principal, traceId: c.get('traceId') })
    return respond(c, collection, await admission.run(() => payments.authorize(call)))
  })

  for (const [type, endpoint] of Object.entries(endpoints) as [ChangeType, Endpoint][]) {
    routes.post(`${collection}/:paymentId/${endpoint.path}`, async (c) => {
      const principal = c.get('principal')
      requireRole(principal, ...endpoint.roles)
      const body = await readBody(c)
      const keyless = endpoint.key === 'optional' && c.req.header(idempotencyKeyHeader) === undefined
      const request = {
        type,
        body,
        paymentId: c.req.param('paymentId'),
        disputeId: c.req.param('disputeId') ?? '',
        key: () => (keyless ? undefined : idempotencyKey(c)),
      }
      const call = changeCall(request, { principal, traceId: c.get('traceId') })
      const wanted = c.req.header('If-Match')
      const precondition = (revision: number): void => {
        if (!ifMatch(wanted, requireIfMatch)(revision)) throw preconditionFailed(revision)
      }
      return respond(c, collection, await admission.run(() => payments.change({ ...call, precondition })))
    })
  }
  return routes
}
