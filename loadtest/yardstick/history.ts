import { randomBytes } from 'node:crypto'
import { fillTo, label, sizesUpTo, storedEvents } from '../modes/scale.ts'
import { say, type Session, sessionOn } from '../session.ts'
import type { Run } from '../result.ts'
import { startUpText } from '../start-up.ts'
import { type OwnTarget, targetOn } from '../target.ts'
import type { Figures, Size } from './figures.ts'
import { type NoopServer, startNoop } from './noop-server.ts'
import { countPayments, measurePages, pagesOf } from './page-reads.ts'
import { sendPayments } from './single.ts'

/** Where history is made and how much of it, and how long each size is measured. */
export type HistoryPlan = {
  readonly data: string
  readonly events: number
  readonly seconds: number
  readonly connections: number
  readonly merchants: number
  readonly seed: number
}

const pageReads = 500

/** The system that has the history, with merchants of its own for this time. */
export const openHistory = ({ data, merchants }: Pick<HistoryPlan, 'data' | 'merchants'>): Promise<OwnTarget> =>
  targetOn(data, randomBytes(4).toString('hex'), merchants, { RATE_LIMIT_MAX_REQUESTS: '0' })

const measureSize = async (
  session: Session,
  system: OwnTarget,
  noop: NoopServer,
  { seconds, connections }: HistoryPlan,
  name: string,
): Promise<{ size: Size; runs: Run[] }> => {
  const events = await storedEvents(session)
  const payee = { url: noop.url, merchants: system.merchants }
  const { perSecond: noopPerSecond } = await sendPayments(payee, connections, seconds / 2)
  const load = { seconds, checked: false }
  const { run: single } = await session.run({ ...load, name: `${name} events, single`, batch: 1, connections })
  const { run: batch } = await session.run({ ...load, name: `${name} events, batches`, batch: 100, connections: 8 })
  const payments = await countPayments(system.url(), system.operator)
  const pages = pagesOf(system.merchants[0]?.key ?? '', system.operator)
  const size = {
    events,
    single: single.perSecond,
    batch: batch.perSecond,
    noop: noopPerSecond,
    processes: batch.processes,
    pages: await measurePages(system.url(), pages, payments, pageReads),
    startUp: await system.own.crashAndStart(),
  }
  say(`${name} events: ${startUpText(size.startUp)} after kill -9\n`)
  return { size, runs: [single, batch] }
}

/**
 * Makes history through HTTP and measures at 100,000, 1, 2, 4 … million events; sizes that the folder has already
 * outgrown are those of `earlier`. `keep` is given each size as it is reached, with those before. Ends early where the
 * disk has no room.
 */
export const measureHistory = async (
  plan: HistoryPlan,
  earlier: readonly Size[],
  keep: (found: { readonly figures: Figures; readonly runs: readonly Run[] }) => Promise<void>,
): Promise<void> => {
  const system = await openHistory(plan)
  const noop = await startNoop()
  const session = sessionOn(system, plan.seed)
  try {
    const stored = await storedEvents(session)
    const sizes = earlier.filter(({ events }) => events <= stored)
    for (const events of sizesUpTo(plan.events).filter((each) => each > stored)) {
      if (!(await fillTo(session, events))) break
      const measured = await measureSize(session, system, noop, plan, label(events))
      sizes.push(measured.size)
      await keep({ figures: { sizes: [...sizes] }, runs: measured.runs })
    }
  } finally {
    await noop.stop()
    await system.close()
  }
}
