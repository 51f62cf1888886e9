import { type Context, Hono } from 'hono'
import type { GatewayCommand } from '../../domain/gateway/command.ts'
import { GatewayConfigBody, MethodRulesBody } from '../../domain/gateway/request.ts'
import { gatewayResource } from '../../domain/gateway/resource.ts'
import type { Role } from '../../domain/merchant/role.ts'
import { type MethodType, methodTypes } from '../../domain/payment/method.ts'
import type { Position } from '../../domain/position.ts'
import { requireRole } from '../../http/authenticate.ts'
import { json } from '../../http/json.ts'
import { positionHeader } from '../../http/position-header.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { readBody } from '../../http/read-body.ts'
import { validator } from '../../http/validate.ts'
import type { Admission } from '../admission.ts'
import type { EventStore } from '../event-store.ts'
import type { ChangeSettings } from './change-settings.ts'
import { limitsOf } from './limits.ts'
import { readSettings } from './read-settings.ts'

const collection = '/v1/gateways'
const readers: readonly Role[] = ['operator', 'finance', 'auditor']

const checkConfig = validator(GatewayConfigBody)
const checkRules = validator(MethodRulesBody)

/** What an operator sets for gateways, and how that is read. A PUT repeated changes nothing more, so no key is needed. */
export const gatewayRoutes = (deps: {
  readonly store: Pick<EventStore, 'head' | 'readStream'>
  readonly changeSettings: ChangeSettings
  readonly admission: Admission
  readonly clock: () => number
  readonly isCurrency: (code: string) => boolean
  /** The names of the gateways that there are. */
  readonly names: readonly string[]
}): Hono<Edge> => {
  const { store, changeSettings, admission, clock, isCurrency, names } = deps
  const routes = new Hono<Edge>()

  /** The gateway that the path names. */
  const nameIn = (c: Context<Edge>): string => {
    const name = names.find((each) => each === c.req.param('name'))
    if (name === undefined) throw new Problem(404, 'gatewayNotFound', 'There is no such gateway')
    return name
  }
  const answer = (c: Context<Edge>, body: object, position: Position) =>
    c.body(json(body), 200, { 'Content-Type': 'application/json', [positionHeader]: position })
  const change = async (c: Context<Edge>, command: GatewayCommand) => {
    const by = { now: new Date(clock()).toISOString(), traceId: c.get('traceId') }
    const { settings, position } = await admission.run(() => changeSettings(command, by))
    return answer(c, gatewayResource(command.gateway, settings), position)
  }
  const read = async (name: string) => gatewayResource(name, await readSettings(store, name))

  routes.put(`${collection}/:name`, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const { enabled }: GatewayConfigBody = checkConfig(await readBody(c))
    return change(c, { type: 'configureGateway', gateway: nameIn(c), enabled })
  })

  routes.put(`${collection}/:name/methods/:method`, async (c) => {
    requireRole(c.get('principal'), 'operator')
    const { enabled, limits = [] }: MethodRulesBody = checkRules(await readBody(c))
    const [gateway, method] = [nameIn(c), methodIn(c)]
    const rules = { enabled, limits: limitsOf(limits, isCurrency) }
    return change(c, { type: 'setMethodRules', gateway, method, rules })
  })

  routes.get(collection, async (c) => {
    requireRole(c.get('principal'), ...readers)
    const position = await store.head()
    return answer(c, { data: await Promise.all(names.map(read)) }, position)
  })

  routes.get(`${collection}/:name`, async (c) => {
    requireRole(c.get('principal'), ...readers)
    const name = nameIn(c)
    const position = await store.head()
    return answer(c, await read(name), position)
  })
  return routes
}

const methodIn = (c: Context<Edge>): MethodType => {
  const method = methodTypes.find((each) => each === c.req.param('method'))
  if (method === undefined) throw new Problem(404, 'notFound', 'There is no such payment method')
  return method
}
