import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventStore } from '../command-side/event-store.ts'
import { issueKey } from '../command-side/merchants/issue-key.ts'
import { EventLogFailure } from '../infra/lmdb/commit.ts'
import { openEventLog } from '../infra/lmdb/event-log.ts'
import { diskFailure } from './disk-failure.ts'
import { type Watchers, watchedStore } from './watched-store.ts'

const key = { merchantId: '7', role: 'merchant', keyId: 'k', hash: 'h', now: '2026-01-02T03:04:05.678Z' } as const
const watchers = () => {
  const heard: unknown[] = []
  const watching: Watchers = { onAppended: (types) => heard.push(types), onDiskFailure: (error) => heard.push(error) }
  return { heard, watching }
}

test('what is appended is told by type, what is refused is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-watched-'))
  const log = openEventLog({ path: folder })
  const { heard, watching } = watchers()
  const store = watchedStore(log, watching)
  await issueKey(store, key)
  expect(heard).toEqual([['MerchantRegistered'], ['ApiKeyIssued']])
  await issueKey(store, key)
  expect(heard).toHaveLength(2)
  expect(await store.head()).toBe('2')
  await log.close()
  await rm(folder, { recursive: true })
})

const failing = (message: string): EventStore => ({
  append: () => Promise.reject(new EventLogFailure(message)),
  readStream: () => Promise.resolve([]),
  streamRevision: () => Promise.resolve('none'),
  head: () => Promise.resolve('0'),
})

test.each(['nothing could be appended: Input/output error', 'nothing could be appended: No space left on device'])(
  'after “%s” the owner hears of it and clients are told to come again',
  async (message) => {
    const { heard, watching } = watchers()
    await expect(issueKey(watchedStore(failing(message), watching), key)).rejects.toMatchObject({
      name: 'EventStoreBusy',
    })
    expect(heard).toEqual([expect.objectContaining({ message })])
  },
)

test('any other failure is only passed on', async () => {
  const { heard, watching } = watchers()
  await expect(issueKey(watchedStore(failing('a mistake'), watching), key)).rejects.toMatchObject({
    name: 'EventLogFailure',
  })
  expect(heard).toEqual([])
})

test('a failure on a disk that has room is told as it is', () => {
  expect(diskFailure(tmpdir(), new Error('Input/output error')).message).toBe(
    `the log in ${tmpdir()} cannot be written: Input/output error`,
  )
})
