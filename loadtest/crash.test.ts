import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = (program: string, ...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, '..', 'dist', 'loadtest', program), ...args]).catch(
    // What was found wrong is told on the standard output.
    (error: { stdout?: string; message: string }) => ({ stdout: `${error.message}\n${error.stdout ?? ''}` }),
  )

test('two rounds of kill -9 under load lose nothing and double nothing', { timeout: 300_000 }, async () => {
  const { stdout } = await run('crash/run.js', '--rounds', '2', '--longest-ms', '1500')
  expect(stdout).toMatch(/2 rounds, \d+ commands, [1-9]\d* payments, \d+ payouts, [1-9]\d* events, 0 faults/)
})

test('races under one key have one effect, and payouts stop at the balance', { timeout: 300_000 }, async () => {
  const { stdout } = await run('races.js', '--races', '100')
  expect(stdout).toContain('100 × 201,')
  expect(stdout).toContain('50 succeeded, 150 refused for insufficient funds')
  expect(stdout).toContain('0 faults')
})
