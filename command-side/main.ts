import { setTimeout as delay } from 'node:timers/promises'
import { Hono } from 'hono'
import type { Edge } from '../http/principal.ts'
import { newKey } from '../infra/auth/keys.ts'
import type { KeyStore } from '../personal/key-store.ts'
import { createAdmission } from './admission.ts'
import { batchRoutes } from './batch/routes.ts'
import type { BatchLimits } from './batch/run.ts'
import { createCongestion } from './congestion.ts'
import type { EventStore } from './event-store.ts'
import { expiryRound } from './expiry.ts'
import { createChangeSettings } from './gateway-settings/change-settings.ts'
import type { GatewayCache } from './gateway-settings/gateway-cache.ts'
import { gatewayRoutes } from './gateway-settings/routes.ts'
import { forgettingDesk } from './forgetting/desk.ts'
import { forgettingRoutes } from './forgetting/routes.ts'
import type { ReadLog } from './forgetting/sources.ts'
import type { Gateway } from './gateway.ts'
import { createGateways } from './gateways.ts'
import type { Logger } from './logger.ts'
import { createLoop } from './loop.ts'
import { createChangeMerchant } from './merchants/change-merchant.ts'
import { keyRoutes } from './merchants/key-routes.ts'
import type { MerchantCache } from './merchants/merchant-cache.ts'
import { createMerchantStates } from './merchants/merchant-states.ts'
import { chosenLately, merchantPreferences } from './merchants/preferences.ts'
import { merchantRoutes } from './merchants/routes.ts'
import { callTimes, createOpenCalls } from './open-calls.ts'
import { authorizeCalls } from './payments/authorize-call.ts'
import { createPayments } from './payments/handle.ts'
import { paymentRoutes } from './payments/routes.ts'
import type { Bank } from './payouts/bank.ts'
import { patientBank } from './payouts/patient-bank.ts'
import { makePayoutCall } from './payouts/payout-call.ts'
import { createPayouts } from './payouts/payouts.ts'
import { payoutRoutes } from './payouts/routes.ts'
import { payoutRound } from './payout-round.ts'
import { resolveRound } from './resolver.ts'
import { sealedStore } from './sealed-store.ts'
import { settlementRoutes } from './settlements/routes.ts'
import { scheduleSettlement } from './settlements/schedule.ts'
import { createSettle } from './settlements/settle.ts'
import type { UnsettledPostings } from './settlements/unsettled.ts'
import type { WorkList } from './work-list.ts'

export type CommandSideSettings = {
  /** How long a gateway or the bank may take before an outcome counts as unknown. */
  readonly gatewayTimeoutMs: number
  /** How many calls to one gateway may run at a time. */
  readonly gatewayConcurrency: number
  /** How long an authorization stands before it lapses. */
  readonly authorizationTtlMs: number
  /** The pause between two rounds of looking for what has to be resolved or has lapsed. */
  readonly resolveIntervalMs: number
  /** The pause between two settlements of everything; 0 for never. */
  readonly settlementIntervalMs: number
  /** How long a settlement waits for the read models. */
  readonly readModelWaitMs: number
  /** How many commands may be under way in this process. */
  readonly maxInFlight: number
  readonly requireIfMatch: boolean
  /** How long stopping waits for what is under way; ten seconds when absent. */
  readonly stopTimeoutMs?: number
}

export type CommandSideDeps = {
  readonly store: EventStore
  /** The same from one event to the next, whatever their streams. */
  readonly readLog: ReadLog
  /** The keys of what is personal in it. */
  readonly keys: KeyStore
  /** The first is for merchants that have chosen none. */
  readonly gateways: readonly [Gateway, ...Gateway[]]
  readonly bank: Bank
  readonly workList: WorkList
  readonly unsettled: UnsettledPostings
  /** Where the event store is far: what spares it a read for each command. */
  readonly merchantCache?: MerchantCache
  readonly gatewayCache: GatewayCache
  readonly isCurrency: (code: string) => boolean
  readonly logger: Logger
  readonly settings: CommandSideSettings
  /** Milliseconds since 1970; the system's clock when absent. */
  readonly clock?: () => number
  readonly batchLimits?: BatchLimits
}

export type CommandSide = {
  /** Expects `principal` and `traceId` in the context. */
  readonly routes: Hono<Edge>
  /** The names of the gateways. */
  readonly gateways: readonly string[]
  /** Begins what is done beside requests: resolving, expiring, settling. */
  start(): void
  /** Takes no more commands; resolves when all that is under way has ended, or after `stopTimeoutMs`. */
  stop(): Promise<void>
}

const merchantsKept = 10_000

/** Puts the command side together. */
export const createCommandSide = (deps: CommandSideDeps): CommandSide => {
  const { workList, gatewayCache, isCurrency, logger, settings, clock = Date.now } = deps
  const { gatewayTimeoutMs: timeoutMs, requireIfMatch, stopTimeoutMs = 10_000 } = settings
  const times = callTimes(timeoutMs)
  const { openForMs } = times
  const [{ name: defaultGateway }] = deps.gateways

  const congestion = createCongestion(settings.maxInFlight)
  const stored = congestion.watch(deps.store)
  const store = sealedStore(stored, deps.keys)
  const gateways = createGateways(deps.gateways, { timeoutMs, maxConcurrent: settings.gatewayConcurrency }, logger)
  const pressure = { limit: congestion.limit, elsewhere: gateways.underWay }
  const admission = createAdmission(settings.maxInFlight, pressure)
  const merchantStates = createMerchantStates(stored, merchantsKept)
  const { merchantCache } = deps
  const changeMerchant = createChangeMerchant(store, merchantStates, merchantCache)
  const chosenBy = merchantCache === undefined ? merchantStates : chosenLately(merchantCache)
  const merchants = merchantPreferences(chosenBy, defaultGateway)
  const openCalls = createOpenCalls(times, clock)
  const payments = createPayments({ store, merchants, gateways, gatewayCache, clock, openCalls })
  const bank = patientBank(deps.bank, timeoutMs, logger)
  const payouts = createPayouts({ store, merchants: merchantStates, changeMerchant, bank, clock, openCalls, logger })
  const waitMs = settings.readModelWaitMs
  const settle = createSettle({ store, unsettled: deps.unsettled, changeMerchant, clock, waitMs })

  const authorizeCall = authorizeCalls({ isCurrency, authorizationTtlMs: settings.authorizationTtlMs })
  const payoutCall = makePayoutCall(isCurrency)
  const commands = { payments, authorizeCall, payouts, payoutCall }
  const merchantTools = { store, changeMerchant, admission, clock }
  const changeSettings = createChangeSettings(store, gatewayCache)
  const names = deps.gateways.map(({ name }) => name)
  const hasGateway = (name: string): boolean => gateways.has(name)
  const { keys, readLog } = deps
  const forgetting = { store: stored, merchants: merchantStates, readLog, keys, changeMerchant, clock, logger }
  const desk = forgettingDesk(forgetting)
  const routes = new Hono<Edge>()
    .route('/', paymentRoutes({ payments, admission, authorizeCall, requireIfMatch }))
    .route('/', batchRoutes({ commands, admission, store, logger, limits: deps.batchLimits }))
    .route('/', payoutRoutes({ payouts, admission, payoutCall, requireIfMatch }))
    .route('/', settlementRoutes({ settle, admission }))
    .route('/', merchantRoutes({ ...merchantTools, merchants: merchantStates, hasGateway, defaultGateway }))
    .route('/', keyRoutes({ ...merchantTools, newKey }))
    .route('/', gatewayRoutes({ store, changeSettings, admission, clock, isCurrency, names }))
    .route('/', forgettingRoutes({ store, desk }))

  const resolving = { store, merchants, gateways, workList, clock, openForMs, logger }
  const loops = [
    createLoop('resolver', settings.resolveIntervalMs, resolveRound(resolving), logger),
    createLoop('expiry', settings.resolveIntervalMs, expiryRound({ store, workList, clock, logger }), logger),
    createLoop(
      'payouts',
      settings.resolveIntervalMs,
      payoutRound({ payouts, workList, clock, openForMs, logger }),
      logger,
    ),
    scheduleSettlement(settle, settings.settlementIntervalMs, logger),
  ]

  return {
    routes,
    gateways: names,
    start: () => {
      for (const loop of loops) loop.start()
    },
    stop: async () => {
      const ended = Promise.all([admission.close(), desk.stop(), ...loops.map((loop) => loop.stop())])
      await Promise.race([ended, delay(stopTimeoutMs, undefined, { ref: false })])
    },
  }
}
