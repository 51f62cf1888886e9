import { setTimeout as wait } from 'node:timers/promises'
import { sequencesIn } from '../../domain/position.ts'
import { kinds } from '../../domain/repair/difference.ts'
import type { Config } from '../../infra/config/load-config.ts'
import type { Reconciled } from '../../infra/metrics/metrics.ts'
import { postgresRebuildLock } from '../../infra/postgres/rebuild-lock.ts'
import { yieldToOthers } from '../../infra/yield-to-others.ts'
import type { Count } from '../../reconciliation/book/book.ts'
import type { Place } from '../../reconciliation/place.ts'
import { runReconciler } from '../../reconciliation/reconciler.ts'
import { makeOrdered } from '../../reconciliation/repair.ts'
import type { State } from '../../reconciliation/state.ts'
import type { Parts } from '../../reconciliation/steps.ts'
import { openStore } from '../ground.ts'
import { openPlaces } from '../reconciliation/open-places.ts'
import { repairOrders } from '../reconciliation/repair-log.ts'
import { runProcess, type Task } from './run-process.ts'

/** It takes a tenth of a processor at most, and asks others a third of the time. */
const restOf = (tookMs: number, cpuMs: number): number => Math.max(2 * tookMs, 9 * cpuMs)
const standbyMs = 2_000

const figures = (places: readonly Place[], { position, lastRound }: State, counts: readonly Count[]): Reconciled => ({
  sequences: sequencesIn(position),
  roundEndedMs: lastRound === undefined ? undefined : Date.parse(lastRound.endedAt),
  differences: places.flatMap(({ where }) =>
    kinds.map((kind) => ({
      where,
      kind,
      count: counts.find((each) => each.where === where && each.kind === kind)?.count ?? 0,
    })),
  ),
})

const run = async (task: Task): Promise<void> => {
  const { config, metrics, log, signal } = task
  const logs = openStore(task)
  const { places, book, lockServer } = openPlaces(task, logs)
  const lock = postgresRebuildLock(lockServer)
  const now = (): Date => new Date()
  const repairs = { places, book, log: repairOrders(logs.all, () => now().toISOString()) }
  const onPage: Parts['onPage'] = (page) => makeOrdered(repairs, page)
  const parts: Parts = { logs: logs.each, head: () => logs.all.head(), places, book, onPage, now }
  while (!signal.aborted) {
    const held = await lock('reconciliation').catch((error: unknown) => {
      log.warn({ err: error }, 'PostgreSQL cannot be asked who is active')
      return undefined
    })
    if (held === undefined) {
      await wait(standbyMs, undefined, { signal }).catch(() => undefined)
      continue
    }
    const intervalMs = Math.max(1, config.RECONCILIATION_INTERVAL)
    const onState = (state: State, counts: readonly Count[]): void => metrics.reconciled(figures(places, state, counts))
    const running = { intervalMs, restMs: restOf, logger: log, onState }
    try {
      await runReconciler(parts, running, AbortSignal.any([signal, held.lost]))
    } finally {
      await held.release()
    }
  }
}

/** Compares all that is made from the log with it until Ctrl-C or SIGTERM. Of several one is active, others stand by. */
export const runReconcilerAlone = (config: Config): Promise<number> =>
  runProcess(config, 'reconciler', async (task) => {
    yieldToOthers(process.pid)
    const done = run(task).catch((error: unknown) =>
      task.onFailure(error instanceof Error ? error : new Error(String(error))),
    )
    task.teardown.add('the reconciler', () => done)
    // One that stands by is as ready as one that is active.
    return { probes: [] }
  })
