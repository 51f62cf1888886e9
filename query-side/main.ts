import { Hono } from 'hono'
import type { Edge } from '../http/principal.ts'
import type { KeyReader } from '../personal/key-store.ts'
import { views } from './as-of.ts'
import { listBalances } from './balances.ts'
import { listDaily } from './daily.ts'
import { listEvents } from './events.ts'
import { healthRoutes, type Probe, probeTimeoutMs } from './health.ts'
import type { History } from './history.ts'
import { getInternalReconciliation } from './internal-reconciliation.ts'
import { listLedgerEntries } from './ledger-entries.ts'
import { listPayments } from './payments.ts'
import { listPayouts } from './payouts.ts'
import { listProjections } from './projections.ts'
import { positionAtInstant } from './position-at.ts'
import { readModels } from './read-models.ts'
import type { Reads } from './reads.ts'
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
  /** The keys of what is personal. */
  readonly keys: KeyReader
  readonly history: History
  /** How far it is from one event of a log to the next (`domain/period.ts`), as the projections know it. */
  readonly stride: number
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
  const past = { models, history, stride: deps.stride }
  const reads: Reads = { ...past, keys: deps.keys, viewOf: views(history, positionAtInstant(past)) }
  const routes = new Hono<Edge>()
    .get('/v1/payments', listPayments(reads))
    .get('/v1/payments/:id', getTransaction(reads, cache, 'payment'))
    .get('/v1/payments/:id/events', listEvents(reads, 'payment', waitMs))
    .get('/v1/payouts', listPayouts(reads))
    .get('/v1/payouts/:id', getTransaction(reads, cache, 'payout'))
    .get('/v1/payouts/:id/events', listEvents(reads, 'payout', waitMs))
    .get('/v1/balances', listBalances(reads))
    .get('/v1/ledger/entries', listLedgerEntries(reads))
    .get('/v1/ledger/trial-balance', getTrialBalance(reads))
    .get('/v1/reports/daily', listDaily(reads))
    .get('/v1/settlements', listSettlements(reads))
    .get('/v1/settlements/:id', getSettlement(reads))
    .get('/v1/settlements/:id/entries', listSettlementEntries(reads))
    .get('/v1/projections', listProjections(models.shards, history))
    .get('/v1/reconciliation/internal', getInternalReconciliation(models.shards))
  return { routes, publicRoutes: healthRoutes(deps.probes, deps.probeTimeoutMs ?? probeTimeoutMs) }
}
