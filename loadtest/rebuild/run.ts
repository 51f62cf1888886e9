import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { schemas } from '../../infra/postgres/shards.ts'
import { journalProjection } from '../../projections/journal/journal.ts'
import { paymentsProjection } from '../../projections/payments/payments.ts'
import { payoutsProjection } from '../../projections/payouts/payouts.ts'
import { periodsProjection } from '../../projections/periods/periods.ts'
import { growSystem } from './grown-system.ts'
import { type RebuildRun, runRebuild } from './rebuild-process.ts'
import { contentsOf } from './same-rows.ts'
import { startWriteLoad } from './write-load.ts'

// Rebuilds projections of a generated history, interrupted by kill -9 while payments come in, and compares the copies with
// the live ones. --rate 0 is without that load, --kills 0 without interruptions: then the speed is that of one go.
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    projections: { type: 'string', default: 'payments,payouts,journal,periods' },
    kills: { type: 'string', default: '5' },
    /** Payments a second that come in meanwhile. */
    rate: { type: 'string', default: '50' },
    /** A folder to keep, and to go on with; a temporary one where absent. */
    data: { type: 'string' },
  },
})
const events = Number(values.events)
const kills = Number(values.kills)
const rate = Number(values.rate)
const shards = schemas(10)
const kinds = [paymentsProjection(), payoutsProjection(), journalProjection(), periodsProjection(1)]
const writers = 4

const data = values.data ?? (await mkdtemp(join(tmpdir(), 'daybook-rebuild-check-')))
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const whole = (number: number): string => Math.round(number).toLocaleString('en-US')

const { system, merchant, level } = await growSystem(data, events, say)

const check = async (projection: string): Promise<boolean> => {
  const load = rate === 0 ? undefined : startWriteLoad(system.url, merchant, writers, rate)
  const runs: RebuildRun[] = []
  // Spread over the history, the last one where only indexes are left to make.
  for (let kill = 1; kill <= kills; kill++) runs.push(await runRebuild(data, [projection], (events * kill) / kills))
  const last = await runRebuild(data, [projection])
  runs.push(last)
  await load?.stop()
  if (last.code !== 0) throw new Error(`the rebuild of ${projection} ended with ${last.code}: ${last.output}`)
  await level()
  const tables = kinds.find(({ name }) => name === projection)?.tables ?? []
  const [live, copy] = [
    await contentsOf(data, projection, tables, 1, shards),
    await contentsOf(data, projection, tables, 2, shards),
  ]
  const same = JSON.stringify(live) === JSON.stringify(copy)
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  const total = Math.max(...runs.map(({ done }) => done))
  say(`${projection}: ${whole(total)} events, ${kills} times killed, ${whole(load?.paid() ?? 0)} payments meanwhile`)
  if (last.eventsSeconds !== undefined && kills === 0)
    say(`  events written at ${whole(total / last.eventsSeconds)} a second`)
  if (last.builtSeconds !== undefined && kills === 0)
    say(`  with all indexes at ${whole(total / last.builtSeconds)} a second`)
  say(`  ${whole(total / seconds)} events/s over all, starts, indexes and comparison included (${whole(seconds)} s)`)
  say(`  peak memory ${whole(Math.max(...runs.map(({ peakMiB }) => peakMiB)))} MiB`)
  say(`  ${last.output.trim().split('\n').join('\n  ')}`)
  for (const { table, rows, digest } of copy) say(`  ${table}: ${whole(rows)} rows, digest ${digest}`)
  say(`  ${same ? 'byte for byte the same as the live copy' : 'NOT the same as the live copy'}`)
  await runRebuild(data, [projection, '--drop'])
  return same
}

let failed = false
try {
  for (const projection of values.projections.split(',')) if (!(await check(projection))) failed = true
} finally {
  await system.stop()
  if (values.data === undefined) await rm(data, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0
