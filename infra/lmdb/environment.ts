import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import type { StreamId } from '../../domain/event.ts'
import { readInteger, writeInteger } from './integer.ts'
import { type Page, type PageWriter, pageWriter } from './page.ts'

/** The databases in one folder, opened by one process. Only `log` is the truth; the others could be made from it again. */
export type Environment = {
  readonly root: RootDatabase
  /** Every event, in pages without holes between them. A value that was read is valid until the next read. */
  readonly log: Database<Page, number>
  /** The sequence of a stream's last event, for all events up to `indexed`; some later ones are in already. By slot. */
  readonly streams: Database<number, number>
  /** The sequence of every 128th event of a stream, by stream and revision: long streams need not be walked whole. */
  readonly milestones: Database<number, [StreamId, number]>
  /** How far `streams` is complete, and the format of all this. */
  readonly progress: Database<number, 'indexed' | 'format'>
  /** Writes to `log`, inside a transaction. */
  readonly pages: PageWriter
}

// Address space, not disk: set beyond what a log will ever need, so that no process has to map the file anew.
const mapSize = 2 ** 40

const integerKeys = {
  writeKey: (key: number, target: Buffer, at: number): number => writeInteger(target, key, at),
  readKey: (source: Buffer, at: number): number => readInteger(source, at),
}
const pageEncoder = {
  encode: (page: Page): Page => page,
  decode: (bytes: Uint8Array): Page => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
}

/** A folder's new files are only sure to be found after a crash when the folder itself is on disk. */
const flushFolder = (path: string): void => {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/** Throws where there is no log to open. */
export const checkThere = (path: string): void => {
  if (!existsSync(join(path, 'data.mdb'))) throw new Error(`there is no event log in ${path}`)
}

// 1 had a value of its own for each event.
const format = 2

/** Throws where the folder holds a log of another format; gives an empty one its own. */
const checkFormat = ({ root, log, progress }: Environment, path: string, readOnly: boolean): void => {
  const isEmpty = log.getKeysCount({ limit: 1 }) === 0
  const found = progress.get('format') ?? (isEmpty ? format : 1)
  if (found !== format) {
    root.close().catch(() => undefined)
    throw new Error(`the event log in ${path} has format ${found}, and this program reads format ${format} only`)
  }
  if (isEmpty && !readOnly) progress.putSync('format', format)
}

const ascending = { append: true }

/** Opens the databases in folder `path`, made unless `readOnly`. Several processes may do so at once. Throws for other formats. */
export const openEnvironment = (path: string, readOnly: boolean): Environment => {
  if (readOnly) checkThere(path)
  const options = {
    path,
    readOnly,
    mapSize,
    noSubdir: false,
    permissionsMode: 0o600,
    // Only so is a commit's promise kept after its pages and its root are on disk.
    overlappingSync: false,
    // With it a failed commit leaves a rejected promise behind that nobody can catch.
    eventTurnBatching: false,
  }
  const root = open(options)
  const logOptions = { name: 'log', keyEncoder: integerKeys, encoder: pageEncoder }
  const endOptions = { name: 'ends', keyEncoder: integerKeys }
  const log = root.openDB<Page, number>(logOptions)
  const environment: Environment = {
    root,
    log,
    streams: root.openDB<number, number>(endOptions),
    milestones: root.openDB<number, [StreamId, number]>({ name: 'milestones' }),
    progress: root.openDB<number, 'indexed' | 'format'>({ name: 'settled' }),
    pages: pageWriter((first, page) => {
      const written: unknown = log.putSync(first, page, ascending)
      if (written === false) throw new Error(`the log has an event beyond ${first}`)
    }),
  }
  checkFormat(environment, path, readOnly)
  if (!readOnly) {
    flushFolder(path)
    flushFolder(dirname(path))
  }
  return environment
}

/**
 * Makes the reads that follow in this turn see all that is committed, by any process. Throws where LMDB cannot be read;
 * without this get a range would take that for its end.
 */
export const renew = ({ root, progress }: Environment): void => {
  root.resetReadTxn()
  progress.get('indexed')
}
