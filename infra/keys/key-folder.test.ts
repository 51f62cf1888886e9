import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KeyStoreUnavailable } from '../../http/key-store-unavailable.ts'
import { describeKeyStore } from '../contracts/key-store.ts'
import { keysInBlock } from './key-block.ts'
import { openKeyFolder } from './key-folder.ts'

const newFolder = () => mkdtemp(join(tmpdir(), 'daybook-keys-'))

describeKeyStore('keys in a folder', keysInBlock, async () => {
  const parent = await newFolder()
  const folder = join(parent, 'keys')
  const stores = [openKeyFolder(folder), openKeyFolder(folder)] as const
  return {
    stores,
    stored: async () =>
      Buffer.concat(await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))))),
    close: async () => {
      for (const store of stores) await store.close()
      await rm(parent, { recursive: true })
    },
  }
})

let parent: string
let folder: string
beforeEach(async () => {
  parent = await newFolder()
  folder = join(parent, 'keys')
})
afterEach(() => rm(parent, { recursive: true }))

test('folder and files are for nobody else', async () => {
  const store = openKeyFolder(folder)
  await store.take()
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  for (const name of await readdir(folder)) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  await store.close()
})

test('a new process begins a file of its own, and nothing is made before a key is needed', async () => {
  const first = openKeyFolder(folder)
  const { slot } = await first.take()
  await first.close()
  const second = openKeyFolder(folder)
  expect((await second.keysOf([slot])).size).toBe(1)
  const files = await readdir(folder)
  expect(files).toContain(String(Math.floor(slot / keysInBlock)).padStart(12, '0'))
  const again = await second.take()
  expect(files).not.toContain(String(Math.floor(again.slot / keysInBlock)).padStart(12, '0'))
  await second.close()
})

test('a file that is shorter than it was is a fault, and so is one that is gone', async () => {
  const store = openKeyFolder(folder)
  const { slot } = await store.take()
  const path = join(folder, String(Math.floor(slot / keysInBlock)).padStart(12, '0'))
  await truncate(path, 7)
  await expect(store.keysOf([slot])).rejects.toThrow(KeyStoreUnavailable)
  await store.close()
  await rm(path)
  await expect(store.keysOf([slot])).rejects.toThrow(KeyStoreUnavailable)
})

test('where no file can be made no key is given, and one is when it can', async () => {
  await writeFile(folder, 'in the way')
  const store = openKeyFolder(folder)
  await expect(store.take()).rejects.toThrow(KeyStoreUnavailable)
  await rm(folder)
  expect((await store.take()).key.length).toBe(32)
  await store.close()
})
