import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createFateLog } from './acknowledged.ts'
import type { Bookkeeper } from './bookkeeper.ts'
import { createCommands } from './commands.ts'
import { drive, type Load } from './drive.ts'
import { watchLag } from './lag.ts'
import { standardMix } from './mix.ts'
import { type ProcessWatch, watchProcesses } from './processes.ts'
import type { Run, Second } from './result.ts'
import { startStatusReads } from './status-reads.ts'
import type { Target } from './target.ts'
import { witnessOf } from './witness.ts'

/** A load, its name and what else to do about it. */
export type Measurement = Omit<Load, 'url'> & {
  readonly name: string
  readonly seed: number
  /** Whether the books are checked afterwards. */
  readonly checked: boolean
  /** On how many connections statuses are read meanwhile; 0 when absent. */
  readonly reads?: number
  /** Told each second. */
  readonly onSecond?: (second: Second, processes: ProcessWatch) => void
}

/** A run, and what only some modes ask for. */
export type Measured = { readonly run: Run; readonly retryAfter: number }

/** The system's clock at the beginning of the next full second, once that has come. */
const nextSecond = async (url: string): Promise<string> => {
  const { headers } = await fetch(`${url}/health`)
  const told = Date.parse(headers.get('date') ?? '')
  await sleep(1_100)
  return new Date((Number.isNaN(told) ? Math.floor(Date.now() / 1_000) * 1_000 : told) + 1_000).toISOString()
}

/** Sends the load, watches what it does to the system until the projections have everything, and checks the books. */
export const measure = async (
  target: Target,
  bookkeeper: Bookkeeper,
  { name, seed, checked, reads = 0, onSecond, ...load }: Measurement,
): Promise<Measured> => {
  const url = target.url()
  const run = randomBytes(5).toString('hex')
  const folder = await mkdtemp(join(tmpdir(), 'daybook-load-'))
  const fates = join(folder, 'fates')
  const log = createFateLog(fates)
  const lag = watchLag(url, target.operator)
  const processes = watchProcesses(target.root?.())
  const witness = witnessOf(target)
  try {
    if (checked) await bookkeeper.before()
    const since = await nextSecond(url)
    const commands = createCommands(run, new URL(url).host, standardMix(seed), target.merchants, seed)
    const timeline: Second[] = []
    let before = 0
    let begun: Promise<unknown> | undefined
    const reader = startStatusReads(url, target.merchants, reads, log)
    const driven = await drive({ ...load, url }, commands, reader.fates, {
      onMeasured: () => {
        before = log.count()
        lag.begin()
        begun = Promise.all([processes.begin(), witness.begin()])
      },
      onSecond: (second) => {
        const known = { ...second, lagEvents: lag.now().events }
        timeline.push(known)
        onSecond?.(known, processes)
      },
    })
    await begun
    const read = await reader.end()
    const { commandTime, hits } = await witness.end()
    log.close()
    // What a transaction costs includes bringing it into the read models.
    const ended = await lag.end()
    const used = await processes.end(() => log.count() - before)
    const books = checked
      ? await bookkeeper.check({ url, operator: target.operator, merchants: target.merchants, run, fates, since })
      : undefined
    const seconds = Math.max(1, timeline.length)
    return {
      retryAfter: driven.retryAfter,
      run: {
        name,
        mode: load.rate === undefined ? 'closed' : 'open',
        batch: load.batch,
        connections: load.connections,
        ...(load.rate === undefined ? {} : { rate: load.rate }),
        seconds,
        transactions: driven.transactions,
        perSecond: driven.transactions / seconds,
        successRate: driven.successRate,
        errors: driven.errors,
        latency: driven.latency,
        timeline,
        processes: used,
        lag: ended,
        ...(commandTime === undefined ? {} : { commandTime }),
        ...(hits === undefined || reads === 0 ? {} : { statusReads: { ...read, ...hits } }),
        ...(books === undefined ? {} : { books }),
      },
    }
  } finally {
    await lag.stop()
    processes.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
