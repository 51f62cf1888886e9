import { readFile, writeFile } from 'node:fs/promises'
import { machine } from './machine.ts'
import { findRate } from './modes/find-rate.ts'
import { scale } from './modes/scale.ts'
import { soak } from './modes/soak.ts'
import { standard } from './modes/standard.ts'
import { stress } from './modes/stress.ts'
import type { Outcome } from './modes/outcome.ts'
import { yardstick } from './modes/yardstick.ts'
import { OptionError, type Options, readOptions, usage } from './options.ts'
import { capacityTable } from './report/capacity.ts'
import { compare, comparisonTable } from './report/compare.ts'
import { plotSvg } from './report/plot-svg.ts'
import { plotTerminal } from './report/plot-terminal.ts'
import type { Report } from './result.ts'
import { say } from './session.ts'

const modes: Readonly<Record<Options['mode'], (options: Options) => Promise<Outcome & Partial<Report>>>> = {
  run: standard,
  findRate,
  stress,
  soak,
  scale,
  yardstick,
}

/** Runs what was asked for; false when anything was wrong with the system. */
const loadTest = async (options: Options): Promise<boolean> => {
  // Read first, so that a file that isn't there is known before anything is measured.
  const old =
    options.compare === undefined ? undefined : (JSON.parse(await readFile(options.compare, 'utf8')) as Report)
  // So that what ends with this process is ended; a soak ends by itself at the first one, with its results.
  if (options.mode !== 'soak') process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  const startedAt = new Date().toISOString()
  const { faults, ...found } = await modes[options.mode](options)
  const report: Report = { version: 1, startedAt, machine: machine(), yardsticks: [], goals: [], ...found }
  const { runs } = report
  // A yardstick ends with its goals; its plots are in the SVG.
  if (options.mode !== 'yardstick') for (const run of runs) say(plotTerminal(run, process.stdout.columns))
  // What a system of somebody else's costs can't be seen from here.
  if (options.mode === 'run' && options.url === undefined) for (const run of runs) say(capacityTable(run))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  if (options.svg !== undefined) await writeFile(options.svg, plotSvg(runs))
  if (old !== undefined) say(comparisonTable(compare(old, report)))
  const all = [...faults, ...runs.flatMap(({ books }) => books?.faults ?? [])]
  for (const fault of faults) say(`FAULT ${fault}`)
  return all.length === 0
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options === undefined) say(usage)
  else process.exitCode = (await loadTest(options)) ? 0 : 1
} catch (error) {
  if (!(error instanceof OptionError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
