import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** How many keys a file has. */
export const keysInBlock = 4_096
export const keyBytes = 32

/** A file of keys that this process alone gives away. */
export type KeyBlock = { readonly number: number; readonly keys: Buffer }

const digits = 12
const fileName = /^\d{12}$/

/** The file of a block. */
export const blockPath = (folder: string, block: number): string => join(folder, String(block).padStart(digits, '0'))

/** What is in a folder by name is as durable as the folder. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const ensureFolder = async (folder: string): Promise<void> => {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFolder(dirname(made))
}

const highestIn = async (folder: string): Promise<number> =>
  (await readdir(folder)).reduce(
    (highest, name) => (fileName.test(name) ? Math.max(highest, Number(name)) : highest),
    0,
  )

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

const maxAttempts = 1_000

/** Makes the next file that is not there: whoever makes it has it. After a crash half-way nobody has it. */
const reserve = async (folder: string) => {
  for (let attempt = 0, number = await highestIn(folder); attempt < maxAttempts; attempt++) {
    number += 1
    try {
      return { number, handle: await open(blockPath(folder, number), 'wx', 0o600) }
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  throw new Error(`others keep taking the next file of keys in ${folder}`)
}

/** Makes a block of random keys that no other process has; it is durable when this resolves. */
export const makeBlock = async (folder: string): Promise<KeyBlock> => {
  await ensureFolder(folder)
  const { number, handle } = await reserve(folder)
  try {
    const keys = randomBytes(keysInBlock * keyBytes)
    await handle.write(keys, 0, keys.length, 0)
    await handle.sync()
    await syncFolder(folder)
    return { number, keys }
  } finally {
    await handle.close()
  }
}
