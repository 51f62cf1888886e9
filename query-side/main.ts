import { Hono } from 'hono'
import type { Edge } from '../http/principal.ts'
import { listBalances } from './balances.ts'
import { listDaily } from './daily.ts'
import { listEvents } from './events.ts'
import { healthRoutes, type Probe, probeTimeoutMs } from './health.ts'
import type { History } from './history.ts'
import { listLedgerEntries } from './ledger-entries.ts'
import { listPayments } from './payments.ts'
import { listPayouts } from './payouts.ts'
import { listProjections } from './projections.ts'
import { readModels } from './read-models.ts'
import { listSettlementEntries } from './settlement-entries.ts'
import { getSettlement } from './settlement.ts'
import { listSettlements } from './settlements.ts'
import type { QueryShards } from './shards.ts'
import type { StatusCache } from './status-cache.ts'
import { getTransaction } from './transaction.ts'
import { getTrialBalance } from './trial-balance.ts'

export type QuerySideDeps = {
  readonly shards: QueryShards
  readonly cache: StatusCache
  readonly history: History
  readonly probes: readonly Probe[]
  /** How long a read waits for `minPosition`. */
  readonly minPositionTimeoutMs: number
  /** How long /ready waits for a probe. */
  readonly probeTimeoutMs?: number
}

/** `routes` want a `principal` in the context; `publicRoutes` are for anybody. */
export type QuerySide = { readonly routes: Hono<Edge>; readonly publicRoutes: Hono<Edge> }

/** Puts the reads together. */
export const createQuerySide = (deps: QuerySideDeps): QuerySide => {
  const { cache, history, minPositionTimeoutMs: waitMs } = deps
  const models = readModels(deps.shards, waitMs)
  const routes = new Hono<Edge>()
    .get('/v1/payments', listPayments(models))
    .get('/v1/payments/:id', getTransaction(models, cache, 'payment'))
    .get('/v1/payments/:id/events', listEvents(history, 'payment', waitMs))
    .get('/v1/payouts', listPayouts(models))
    .get('/v1/payouts/:id', getTransaction(models, cache, 'payout'))
    .get('/v1/payouts/:id/events', listEvents(history, 'payout', waitMs))
    .get('/v1/balances', listBalances(models))
    .get('/v1/ledger/entries', listLedgerEntries(models))
    .get('/v1/ledger/trial-balance', getTrialBalance(models))
    .get('/v1/reports/daily', listDaily(models))
    .get('/v1/settlements', listSettlements(models))
    .get('/v1/settlements/:id', getSettlement(models))
    .get('/v1/settlements/:id/entries', listSettlementEntries(models))
    .get('/v1/projections', listProjections(models.shards, history))
  return { routes, publicRoutes: healthRoutes(deps.probes, deps.probeTimeoutMs ?? probeTimeoutMs) }
}
