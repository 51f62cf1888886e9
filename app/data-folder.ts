import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readOrMakeSecret } from './secret.ts'
import { StartError, codeOf, messageOf } from './start-error.ts'

/** Where one installation keeps everything. */
export type DataFolder = {
  readonly path: string
  /** The LMDB log. */
  readonly log: string
  /** PostgreSQL's data. */
  readonly postgres: string
  /** The installation's secret, 64 hex digits. */
  readonly secret: string
}

const explain = (path: string, error: unknown): string => {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `the data folder ${path} cannot be written: give it to this user or set DAYBOOK_DATA to another folder`
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of the data folder ${path} is full`
    case 'EEXIST':
    case 'ENOTDIR':
      return `the data folder ${path} is not a folder`
    default:
      return `the data folder ${path} cannot be used: ${messageOf(error)}`
  }
}

/**
 * Opens the data folder, making it where it is not there, and finds out by writing whether it can be written. Throws a
 * `StartError` that says what is wrong with it.
 */
export const openDataFolder = async (given: string): Promise<DataFolder> => {
  const path = resolve(given)
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const probe = join(path, `.probe.${randomUUID()}`)
    await writeFile(probe, '.')
    await rm(probe)
    return { path, log: join(path, 'log'), postgres: join(path, 'postgres'), secret: await readOrMakeSecret(path) }
  } catch (error) {
    throw error instanceof StartError ? error : new StartError(explain(path, error))
  }
}
