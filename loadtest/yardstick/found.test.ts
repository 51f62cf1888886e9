import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chosenParts } from '../modes/yardstick.ts'
import { OptionError } from '../options.ts'
import { someReport, someRun } from '../testing/some-run.ts'
import { automaticMix } from './automatic.ts'
import { nothing, readFound, reportOf, together, writeReport } from './found.ts'
import { parts } from './parts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-found-'))
})
afterAll(() => rm(folder, { recursive: true }))

const about = { startedAt: '2026-01-31T12:00:00Z', machine: someReport().machine }

test('what is measured again replaces what was there, the rest stays', () => {
  const old = together(nothing, {
    figures: { batch: { lines: 100, perSecond: 1 }, single: { noop: 2, daybook: 1 } },
    runs: [someRun(1, () => 1), someRun(1, () => 1, { name: 'other' })],
    yardsticks: [{ name: 'fdatasync', perSecond: 1 }],
  })
  const now = together(old, {
    figures: { batch: { lines: 100, perSecond: 9 } },
    runs: [someRun(1, () => 9)],
    yardsticks: [{ name: 'TPC-B', perSecond: 9 }],
  })
  expect(now.figures).toEqual({ batch: { lines: 100, perSecond: 9 }, single: { noop: 2, daybook: 1 } })
  expect(now.runs.map(({ name, perSecond }) => [name, perSecond])).toEqual([
    ['standard mix', 9],
    ['other', 1],
  ])
  expect(now.yardsticks.map(({ name }) => name)).toEqual(['fdatasync', 'TPC-B'])
})

test('a report is read back as it was written, its goals made from its figures', async () => {
  const path = join(folder, 'report.json')
  const found = together(nothing, {
    figures: { batch: { lines: 100, perSecond: 60_000 } },
    runs: [someRun(2, () => 5)],
  })
  const report = reportOf(found, about)
  expect(report.goals.find(({ number }) => number === 2)).toMatchObject({ met: true, measured: '60,000/s' })
  await writeReport(path, report)
  expect(await readFound(path)).toEqual(found)
  expect(await readdir(folder)).toEqual(['report.json'])
})

test('no file is nothing yet; a file of something else is refused', async () => {
  expect(await readFound(join(folder, 'none.json'))).toEqual(nothing)
  const path = join(folder, 'other.json')
  await writeFile(path, '{"name":"daybook"}')
  await expect(readFound(path)).rejects.toThrow('holds no results of a load test')
})

test('parts are done in their order, whatever order they are asked for in', () => {
  expect(chosenParts(undefined)).toEqual([...parts.keys()])
  expect(chosenParts('reads, machine')).toEqual(['machine', 'reads'])
  expect(() => chosenParts('machine,speed')).toThrow(OptionError)
})

test('payments of one command each have no follow-ups and are captured at once', () => {
  const plans = automaticMix(1)
  expect(plans.length).toBeGreaterThan(2_000)
  for (const { fields, followUps } of plans) {
    expect(followUps).toEqual([])
    expect(fields).not.toContain('manual')
  }
})
