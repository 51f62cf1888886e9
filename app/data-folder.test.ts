import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDataFolder } from './data-folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-folder-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a folder that is not there is made, for its owner alone', async () => {
  const { path, log, secret } = await openDataFolder(join(folder, 'a', 'b'))
  expect(path).toBe(join(folder, 'a', 'b'))
  expect(log).toBe(join(path, 'log'))
  expect(secret).toMatch(/^[0-9a-f]{64}$/)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
  expect((await stat(join(path, 'secret'))).mode & 0o777).toBe(0o600)
})

test('the secret is the same for all who open at once, and for good', async () => {
  const opened = await Promise.all(Array.from({ length: 8 }, () => openDataFolder(folder)))
  expect(new Set(opened.map(({ secret }) => secret)).size).toBe(1)
  expect(await readFile(join(folder, 'secret'), 'utf8')).toBe(opened[0]?.secret)
})

test('a broken secret is an error, not a new one: tokens depend on it', async () => {
  await writeFile(join(folder, 'secret'), 'oops')
  await expect(openDataFolder(folder)).rejects.toThrow(/does not hold a secret/)
})

test('a file in its place is refused', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(openDataFolder(join(folder, 'file'))).rejects.toThrow(/is not a folder/)
  await expect(openDataFolder(join(folder, 'file', 'below'))).rejects.toThrow(/is not a folder/)
})
