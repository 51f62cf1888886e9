import { measure } from './measure.ts'
import { lookAt } from './processes.ts'
import type { Run } from './result.ts'
import { openSession } from './session.ts'
import { readAll, recentStatuses } from './yardstick/cached-reads.ts'
import { startNoop } from './yardstick/noop-server.ts'
import { sendPayments } from './yardstick/single.ts'

// A look at whether anything has become much dearer than it was, in seconds: CPU, because a clock tells more about who
// else uses the machine; by process, because each is one that can go wrong; and as ratios to what the no-op server took
// for a request of the same kind a moment before. Prints them as JSON, with what was wrong in the books.

const seconds = 2
const load = { seconds, warmUpSeconds: 1, checked: true, seed: 1 }

/** CPU of a server that is one process, in microseconds for each of what `work` counts. */
const cpuOfEach = async (pid: number, work: () => Promise<number>): Promise<number> => {
  const cpuSeconds = async () => (await lookAt(pid)).get('main')?.cpuSeconds ?? Number.NaN
  const before = await cpuSeconds()
  const count = await work()
  return (((await cpuSeconds()) - before) * 1e6) / count
}

const usOf = ({ processes }: Run, name: string): number =>
  processes.find((each) => each.name === name)?.usPerTransaction ?? Number.NaN

const noop = await startNoop()
const session = await openSession({ url: undefined, key: undefined, merchants: 10, seed: 1, keep: false })
try {
  const { target, bookkeeper } = session
  const { merchants } = target
  const payee = { url: noop.url, merchants }
  // The first second compiles.
  await sendPayments(payee, 16, 1)
  const noopPost = await cpuOfEach(noop.pid, async () => (await sendPayments(payee, 16, seconds)).accepted)
  const single = await measure(target, bookkeeper, { ...load, name: 'single', batch: 1, connections: 16 })
  const batch = await measure(target, bookkeeper, { ...load, name: 'batches', batch: 100, connections: 4 })

  const key = merchants[0]?.key ?? ''
  const paths = await recentStatuses(target.url(), key)
  const read = (url: string) => () => readAll(url, key, paths, seconds)
  await readAll(noop.url, key, paths, 1)
  await readAll(target.url(), key, paths, 1)
  const noopGet = await cpuOfEach(noop.pid, read(noop.url))
  const cachedGet = await cpuOfEach(target.root?.() ?? 0, read(target.url()))

  const ratios = {
    singleMain: noopPost / usOf(single.run, 'main'),
    batchMain: noopPost / usOf(batch.run, 'main'),
    batchProjections: noopPost / usOf(batch.run, 'projections'),
    batchPostgres: noopPost / usOf(batch.run, 'PostgreSQL'),
    cachedRead: noopGet / cachedGet,
  }
  const books = [single, batch].map(({ run }) => run.books)
  const checked = books.reduce((sum, each) => sum + (each?.checked ?? 0), 0)
  const faults = books.flatMap((each) => each?.faults ?? ['not checked'])
  process.stdout.write(`${JSON.stringify({ ratios, checked, faults })}\n`)
} finally {
  await session.close()
  await noop.stop()
}
