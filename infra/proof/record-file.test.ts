import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRecordFile } from './record-file.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-records-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('lines are added behind those that are there; a folder that is missing is made', async () => {
  const path = join(folder, 'more', 'checkpoints.ndjson')
  const first = await openRecordFile(path)
  await first.add('one')
  await first.add('zwölf')
  await first.close()
  const second = await openRecordFile(path)
  expect(second.lines).toEqual(['one', 'zwölf'])
  await second.add('three')
  await second.close()
  expect(await readFile(path, 'utf8')).toBe('one\nzwölf\nthree\n')
})

test('a line that was not finished is cut off', async () => {
  const path = join(folder, 'checkpoints.ndjson')
  await appendFile(path, 'one\nzwöl')
  const file = await openRecordFile(path)
  expect(file.lines).toEqual(['one'])
  await file.add('two')
  await file.close()
  expect(await readFile(path, 'utf8')).toBe('one\ntwo\n')
})

test('of two that have it open, the one that comes second adds nothing', async () => {
  const path = join(folder, 'checkpoints.ndjson')
  const [one, other] = [await openRecordFile(path), await openRecordFile(path)]
  await one.add('one')
  await expect(other.add('other')).rejects.toThrow('somebody else writes to')
  expect(await readFile(path, 'utf8')).toBe('one\n')
  await Promise.all([one.close(), other.close()])
})
