import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

type Result = {
  readonly ratios: Readonly<Record<keyof typeof bounds, number>>
  readonly checked: number
  readonly faults: readonly string[]
}

// CPU of a request to the no-op server, to CPU of a command (or read) of Daybook in that process. A third of what is
// usual: neither a busy machine nor another processor comes near, and a mistake that makes a step dear does.
const bounds = {
  singleMain: 0.03,
  batchMain: 0.12,
  batchProjections: 0.17,
  batchPostgres: 0.25,
  cachedRead: 0.15,
} as const

// CPU by process comes from /proc.
test.runIf(process.platform === 'linux')(
  'nothing costs much more CPU than usual, held against the no-op server, and the books are right',
  { timeout: 300_000 },
  async () => {
    const program = join(import.meta.dirname, '..', 'dist', 'loadtest', 'regression.js')
    const { stdout } = await promisify(execFile)(process.execPath, [program])
    const { ratios, checked, faults }: Result = JSON.parse(stdout)
    expect(faults).toEqual([])
    expect(checked).toBeGreaterThan(0)
    for (const [name, bound] of Object.entries(bounds))
      expect(ratios, JSON.stringify(ratios)).toHaveProperty(
        name,
        expect.toSatisfy((ratio: number) => ratio > bound),
      )
  },
)
