import { type Context, Hono } from 'hono'
import { Compile } from 'typebox/compile'
import type { MerchantCommand } from '../../domain/merchant/command.ts'
import { FeeScheduleSchema } from '../../domain/merchant/fees.ts'
import { GatewayBody, MerchantBody } from '../../domain/merchant/request.ts'
import { house } from '../../domain/merchant/role.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import type { Position } from '../../domain/position.ts'
import { MerchantIdSchema } from '../../domain/text.ts'
import { requireRole } from '../../http/authenticate.ts'
import { refuseCardData } from '../../http/card-data.ts'
import { json } from '../../http/json.ts'
import { positionHeader } from '../../http/position-header.ts'
import type { Edge } from '../../http/principal.ts'
import { readBody } from '../../http/read-body.ts'
import { invalidRequest, validator } from '../../http/validate.ts'
import { tenantOf } from '../acting-merchant.ts'
import type { Admission } from '../admission.ts'
import type { EventStore } from '../event-store.ts'
import { refusal } from '../refusal.ts'
import type { ChangeMerchant } from './change-merchant.ts'
import type { MerchantStates } from './merchant-states.ts'
import { merchantResource } from './resource.ts'

const collection = '/v1/merchants'

const checkMerchant = validator(MerchantBody)
const checkFees = validator(FeeScheduleSchema)
const checkGateway = validator(GatewayBody)

/** What an operator does with merchants, and how they are read. A PUT repeated changes nothing more, so no key is needed. */
export const merchantRoutes = (deps: {
  readonly store: Pick<EventStore, 'head'>
  readonly merchants: MerchantStates
  readonly changeMerchant: ChangeMerchant
  readonly admission: Admission
  readonly clock: () => number
  readonly hasGateway: (name: string) => boolean
  readonly defaultGateway: string
}): Hono<Edge> => {
  const { store, merchants, changeMerchant, admission, clock, hasGateway, defaultGateway } = deps
  const routes = new Hono<Edge>()

  const change = async (c: Context<Edge>, merchantId: string, commandAt: (now: string) => MerchantCommand) => {
    const command = commandAt(new Date(clock()).toISOString())
    const metadata = { traceId: c.get('traceId') }
    const changed = await admission.run(() => changeMerchant(merchantId, { command, metadata }))
    if (changed.type === 'rejected') throw refusal(changed.rejection)
    return changed
  }
  const answer = (c: Context<Edge>, merchant: Merchant, position: Position, status: 200 | 201) =>
    c.body(json(merchantResource(merchant, defaultGateway)), status, {
      'Content-Type': 'application/json',
      [positionHeader]: position,
      ...(status === 201 ? { Location: `${collection}/${merchant.id}` } : {}),
    })

  routes.post(collection, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const given = await readBody(c)
    refuseCardData(given)
    const { id, name }: MerchantBody = checkMerchant(given)
    if (id === house) throw refusal('merchantExists')
    const { merchant, position } = await change(c, id, (now) => ({
      type: 'registerMerchant',
      now,
      merchantId: id,
      name,
    }))
    return answer(c, merchant, position, 201)
  })

  routes.put(`${collection}/:merchantId/fees`, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const fees = checkFees(await readBody(c))
    const { merchant, position } = await change(c, tradingMerchant(c), (now) => ({ type: 'setFees', now, fees }))
    return answer(c, merchant, position, 200)
  })

  routes.put(`${collection}/:merchantId/gateway`, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const { gateway }: GatewayBody = checkGateway(await readBody(c))
    if (!hasGateway(gateway)) throw invalidRequest([{ pointer: '/gateway', detail: 'must be a gateway of the house' }])
    const { merchant, position } = await change(c, tradingMerchant(c), (now) => ({ type: 'setGateway', now, gateway }))
    return answer(c, merchant, position, 200)
  })

  routes.get(`${collection}/:merchantId`, async (c) => {
    const merchantId = merchantIdOf(c)
    const tenant = tenantOf(c.get('principal'))
    if (tenant !== undefined && tenant !== merchantId) throw refusal('merchantNotFound')
    const position = await store.head()
    const merchant = await merchants(merchantId)
    if (!merchant.registered) throw refusal('merchantNotFound')
    return answer(c, merchant, position, 200)
  })
  return routes
}

const merchantIds = Compile(MerchantIdSchema)

/** The merchant that the path names; 404 `merchantNotFound` for what can be nobody's id. */
export const merchantIdOf = (c: Context<Edge>): string => {
  const merchantId = c.req.param('merchantId') ?? ''
  if (!merchantIds.Check(merchantId)) throw refusal('merchantNotFound')
  return merchantId
}

/** The same, but for the house, which makes no payments. */
const tradingMerchant = (c: Context<Edge>): string => {
  const merchantId = merchantIdOf(c)
  if (merchantId === house) throw refusal('merchantNotFound')
  return merchantId
}
