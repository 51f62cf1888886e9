import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './instance-lock.ts'
import { identityOf } from './process-identity.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const sleeper = async () => {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' })
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  return {
    pid,
    identity: identityOf(pid) ?? '',
    end: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
const leave = (holder: unknown) => writeFile(join(folder, 'daybook.lock'), JSON.stringify(holder))
const lockOf = async () => (await lockFolder(folder)) && readFile(join(folder, 'daybook.lock'), 'utf8')

test('a free folder is taken and given back', async () => {
  const lock = await lockFolder(folder)
  expect(JSON.parse(await readFile(join(folder, 'daybook.lock'), 'utf8'))).toMatchObject({ pid: process.pid })
  await lock.release()
  expect(await readdir(folder)).toEqual([])
})

test('the folder of a running process is refused, naming it', async () => {
  const { pid, identity, end } = await sleeper()
  await leave({ pid, identity })
  await expect(lockFolder(folder)).rejects.toThrow(`another Daybook (process ${pid}) is running on ${folder}`)
  await end()
  expect(await lockOf()).toContain(`"pid":${process.pid}`)
})

test('a later process with the pid of the one that was killed does not count as it', async () => {
  const { pid, end } = await sleeper()
  await leave({ pid, identity: 'another start' })
  expect(await lockOf()).toContain(`"pid":${process.pid}`)
  await end()
})

test.each(['', 'half a {', '{}', '{"pid":"7"}', 'null'])(
  'a lock with the content %j is taken over',
  async (content) => {
    await writeFile(join(folder, 'daybook.lock'), content)
    expect(await lockOf()).toContain(`"pid":${process.pid}`)
  },
)

test('of many that start at once on a lock left behind, one gets it', async () => {
  for (let round = 0; round < 20; round++) {
    await leave({ pid: 2 ** 22 - 1, identity: 'gone' })
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['daybook.lock'])
  }
})

test('a lock that somebody else holds by now is not released', async () => {
  const lock = await lockFolder(folder)
  await leave({ pid: 1, identity: 'other' })
  await lock.release()
  expect(await readdir(folder)).toEqual(['daybook.lock'])
})
