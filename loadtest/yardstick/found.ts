import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Report, Run, Yardstick } from '../result.ts'
import type { Figures } from './figures.ts'
import { goalsOf } from './goals.ts'

/** What parts have found out. */
export type Found = {
  readonly figures: Figures
  readonly runs: readonly Run[]
  readonly yardsticks: readonly Yardstick[]
}

/** A report that can be taken up again. */
export type YardstickReport = Report & { readonly figures: Figures }

export const nothing: Found = { figures: {}, runs: [], yardsticks: [] }

const byName = <T extends { readonly name: string }>(old: readonly T[], now: readonly T[]): T[] => [
  ...new Map([...old, ...now].map((each) => [each.name, each])).values(),
]

/** Both, and of what both have the later. */
export const together = (old: Found, now: Partial<Found>): Found => ({
  figures: { ...old.figures, ...now.figures },
  runs: byName(old.runs, now.runs ?? []),
  yardsticks: byName(old.yardsticks, now.yardsticks ?? []),
})

/** What an earlier call left in its file; nothing when there is no file. Throws for a file of something else. */
export const readFound = async (path: string): Promise<Found> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (text === undefined) return nothing
  const report = JSON.parse(text) as Partial<YardstickReport>
  if (report.version !== 1) throw new Error(`${path} holds no results of a load test`)
  return { figures: report.figures ?? {}, runs: report.runs ?? [], yardsticks: report.yardsticks ?? [] }
}

/** The whole report; its goals follow from the figures. */
export const reportOf = (found: Found, about: Pick<Report, 'startedAt' | 'machine'>): YardstickReport => ({
  version: 1,
  ...about,
  ...found,
  goals: goalsOf(found.figures),
})

/** Writes so that a reader finds either the old report or the new one. */
export const writeReport = async (path: string, report: YardstickReport): Promise<void> => {
  await writeFile(`${path}.new`, `${JSON.stringify(report, null, 2)}\n`)
  await rename(`${path}.new`, path)
}
