import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine } from '../machine.ts'
import { OptionError, type Options } from '../options.ts'
import { say } from '../session.ts'
import {
  type Found,
  nothing,
  readFound,
  reportOf,
  together,
  writeReport,
  type YardstickReport,
} from '../yardstick/found.ts'
import { goalsTable } from '../yardstick/goals-table.ts'
import { parts } from '../yardstick/parts.ts'
import { yardsticksTable } from '../yardstick/yardsticks-table.ts'
import type { Outcome } from './outcome.ts'

/** The parts that were asked for, in their order. Throws `OptionError` for one that is not there. */
export const chosenParts = (only: string | undefined): string[] => {
  const names = [...parts.keys()]
  if (only === undefined) return names
  const wanted = only.split(',').map((name) => name.trim())
  for (const name of wanted) {
    if (!parts.has(name)) throw new OptionError(`--only ${name}: there are ${names.join(', ')}`)
  }
  return names.filter((name) => wanted.includes(name))
}

/**
 * Measures every goal beside what else this machine does, part by part. With `json` the report is written after each
 * part, and parts that were not asked for are taken from it as they were.
 */
export const yardstick = async (options: Options): Promise<Outcome & Partial<YardstickReport>> => {
  const { only, json } = options
  const names = chosenParts(only)
  const about = { startedAt: new Date().toISOString(), machine: machine() }
  const folder = options.history ?? (await mkdtemp(join(tmpdir(), 'daybook-history-')))
  let found = only !== undefined && json !== undefined ? await readFound(json) : nothing
  const keep = async (now: Partial<Found>): Promise<void> => {
    found = together(found, now)
    if (json !== undefined) await writeReport(json, reportOf(found, about))
  }
  try {
    for (const name of names) {
      say(`== ${name}\n`)
      await keep((await parts.get(name)?.({ options, history: folder, before: found, keep })) ?? {})
    }
  } finally {
    if (options.history === undefined) await rm(folder, { recursive: true, force: true })
  }
  const report = reportOf(found, about)
  say(yardsticksTable(report))
  say(goalsTable(report.goals))
  return { ...report, faults: [] }
}
