import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { supervise } from './supervise.ts'

const rule = { maxEnds: 3, windowMs: 60_000, firstWaitMs: 1 }
const quiet = { warn: () => undefined }
const node = (code: string) => () => spawn(process.execPath, ['-e', code], { stdio: 'ignore' })
const forever = node('setInterval(() => {}, 1000)')

test('a process that is killed is started again', async () => {
  const supervised = supervise('sleeper', forever, rule, quiet)
  const first = supervised.current()
  first?.kill('SIGKILL')
  await expect.poll(() => supervised.current()?.pid ?? first?.pid).not.toBe(first?.pid)
  await supervised.stop(10_000)
})

test('one that ends again and again is given up, saying how it ended', async () => {
  let starts = 0
  const supervised = supervise('failing process', () => (starts++, node('process.exit(3)')()), rule, quiet)
  expect((await supervised.gaveUp).message).toBe(
    'the failing process ended 3 times in a row (exit code 3); see the lines above',
  )
  expect(starts).toBe(3)
  expect(supervised.current()).toBeUndefined()
})

test('once stopped it is not started again', async () => {
  const warnings: string[] = []
  const supervised = supervise('sleeper', forever, rule, { warn: (_, message) => warnings.push(message) })
  const child = supervised.current()
  await supervised.stop(10_000)
  expect(child?.signalCode).toBe('SIGTERM')
  expect(supervised.current()).toBeUndefined()
  expect(warnings).toEqual([])
})

test('one that does not listen to SIGTERM is killed', async () => {
  const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.send('ready')"
  const start = () => spawn(process.execPath, ['-e', stubborn], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const supervised = supervise('stubborn process', start, rule, quiet)
  const child = supervised.current()
  await new Promise((resolve) => child?.once('message', resolve))
  await supervised.stop(1)
  expect(child?.signalCode).toBe('SIGKILL')
})
