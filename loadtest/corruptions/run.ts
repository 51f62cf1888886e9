import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Tally, tryAll } from './try-all.ts'

const { values } = parseArgs({
  options: { times: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const say = (text: string): void => void process.stdout.write(`${text}\n`)

const row = (name: string, { tried, found, nothing, missed }: Tally): void =>
  say(`${name.padEnd(42)} ${[tried, found, nothing, missed].map((each) => String(each).padStart(9)).join('')}`)

const table = (title: string, tallies: ReadonlyMap<string, Tally>): void => {
  say(`\n${title.padEnd(42)}     tried    found  nothing   missed`)
  for (const [name, tally] of [...tallies].sort(([one], [other]) => one.localeCompare(other))) row(name, tally)
}

const folder = await mkdtemp(join(tmpdir(), 'daybook-corruptions-'))
try {
  const startedAt = performance.now()
  const { byKind, byClass, bundles, falseAlarms } = await tryAll(
    folder,
    Number(values.seed),
    Number(values.times),
    (tried, missed) => {
      if (missed !== undefined) say(`MISSED ${missed}`)
      if (tried % 500 === 0) say(`${tried} tried in ${Math.round((performance.now() - startedAt) / 1_000)} s`)
    },
  )
  table('corruption', byKind)
  table('bytes of the log by what they are part of', byClass)
  table('of bundles', bundles)
  const sums = [...byKind.values(), ...bundles.values()]
  const missed = sums.reduce((sum, each) => sum + each.missed, 0)
  const nothing = sums.reduce((sum, each) => sum + each.nothing, 0)
  say(
    `\n${values.times} corruptions: ${missed} missed, ${nothing} changed nothing that can be read; ${falseAlarms} false alarms`,
  )
  if (missed > 0 || falseAlarms > 0) process.exitCode = 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
