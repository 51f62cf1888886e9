import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
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
const withLock = async <T>(work: (database: ReturnType<typeof open>) => T): Promise<T> => {
  const database = open({ path: join(folder, 'daybook.lock'), noSubdir: true })
  try {
    return work(database)
  } finally {
    await database.close()
  }
}
const leave = (holder: unknown) => withLock((database) => database.putSync('holder', holder))
const holder = () => withLock((database) => database.get('holder') as unknown)
const own = { pid: process.pid, identity: identityOf(process.pid) }

test('a free folder is taken and given back', async () => {
  const lock = await lockFolder(folder)
  expect(await holder()).toEqual(own)
  await lock.release()
  expect(await holder()).toBeUndefined()
  await lockFolder(folder)
  expect(await holder()).toEqual(own)
})

test('the folder of a running process is refused, naming it, and taken over once that was killed', async () => {
  const { pid, identity, end } = await sleeper()
  await leave({ pid, identity })
  await expect(lockFolder(folder)).rejects.toThrow(`another Daybook (process ${pid}) is running on ${folder}`)
  expect(await holder()).toEqual({ pid, identity })
  await end()
  await lockFolder(folder)
  expect(await holder()).toEqual(own)
})

test('a later process with the pid of the one that was killed does not count as it', async () => {
  const { pid, end } = await sleeper()
  await leave({ pid, identity: 'another start' })
  await lockFolder(folder)
  expect(await holder()).toEqual(own)
  await end()
})

test('what somebody else holds by now is not given back', async () => {
  const lock = await lockFolder(folder)
  const other = { pid: 1, identity: 'other' }
  await leave(other)
  await lock.release()
  expect(await holder()).toEqual(other)
})
