import { Hono } from 'hono'
import { house } from '../../domain/merchant/role.ts'
import { requireRole } from '../../http/authenticate.ts'
import { json } from '../../http/json.ts'
import { positionHeader } from '../../http/position-header.ts'
import type { Edge } from '../../http/principal.ts'
import { readBody } from '../../http/read-body.ts'
import { validator } from '../../http/validate.ts'
import type { Admission } from '../admission.ts'
import type { EventStore } from '../event-store.ts'
import { refusal } from '../refusal.ts'
import type { ChangeMerchant } from './change-merchant.ts'
import { issueKeyOf, registerIfUnknown } from './issue-key.ts'
import { type IssuedKey, KeyBody } from './resource.ts'
import { merchantIdOf } from './routes.ts'

/** A key as it is made: `token` is for its holder, the rest is kept. */
export type NewKey = { readonly token: string; readonly keyId: string; readonly hash: string }

const path = '/v1/merchants/:merchantId/keys'
const checkKey = validator(KeyBody)

/** Keys of merchants, and those of the house below /v1/merchants/daybook: issued and revoked by operators. */
export const keyRoutes = (deps: {
  readonly store: Pick<EventStore, 'head'>
  readonly changeMerchant: ChangeMerchant
  readonly admission: Admission
  readonly clock: () => number
  readonly newKey: (merchantId: string) => NewKey
}): Hono<Edge> => {
  const { store, changeMerchant, admission, clock, newKey } = deps
  const now = (): string => new Date(clock()).toISOString()
  const routes = new Hono<Edge>()

  routes.post(path, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const merchantId = merchantIdOf(c)
    const { role = 'merchant' }: KeyBody = checkKey(await readBody(c))
    const { token, ...kept } = newKey(merchantId)
    const changed = await admission.run(async () => {
      if (merchantId === house) await registerIfUnknown(changeMerchant, house, now())
      return issueKeyOf(changeMerchant, { merchantId, role, now: now(), ...kept })
    })
    if (changed.type === 'rejected') throw refusal(changed.rejection)
    const issued: IssuedKey = { keyId: kept.keyId, role, key: token }
    return c.body(json(issued), 201, {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      [positionHeader]: changed.position,
    })
  })

  routes.delete(`${path}/:keyId`, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const merchantId = merchantIdOf(c)
    const command = { type: 'revokeKey', now: now(), keyId: c.req.param('keyId') } as const
    const metadata = { traceId: c.get('traceId') }
    const changed = await admission.run(() => changeMerchant(merchantId, { command, metadata }))
    // A revocation whose answer was lost can be repeated.
    if (changed.type === 'rejected' && changed.rejection !== 'keyRevoked') throw refusal(changed.rejection)
    const position = changed.type === 'accepted' ? changed.position : await store.head()
    return c.body(null, 204, { [positionHeader]: position })
  })
  return routes
}
