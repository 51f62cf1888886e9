import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Database, open, type RootDatabase } from 'lmdb'
import type { StreamId } from '../../domain/event.ts'
import { type Entry, entryMaker, type MakeEntry } from './entry.ts'
import { readInteger, writeInteger } from './integer.ts'

/** The databases in one folder, opened by one process. Only `log` is the truth; the others could be made from it again. */
export type Environment = {
  readonly root: RootDatabase
  /** Every event by its sequence, without holes. A value that was read is valid until the next read. */
  readonly log: Database<Entry, number>
  /** The sequence of a stream's last event, for all events up to `indexed`; some later ones are in already. By slot. */
  readonly streams: Database<number, number>
  /** The sequence of every 128th event of a stream, by stream and revision: long streams need not be walked whole. */
  readonly milestones: Database<number, [StreamId, number]>
  /** How far `streams` is complete. */
  readonly progress: Database<number, 'indexed'>
  /** Makes what `log` takes. */
  readonly makeEntry: MakeEntry
}

// Address space, not disk: set beyond what a log will ever need, so that no process has to map the file anew.
const mapSize = 2 ** 40

const integerKeys = {
  writeKey: (key: number, target: Buffer, at: number): number => writeInteger(target, key, at),
  readKey: (source: Buffer, at: number): number => readInteger(source, at),
}
const entries = {
  encode: (entry: Entry): Entry => entry,
  decode: (bytes: Uint8Array): Entry => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
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

/** Opens the databases in folder `path`, made unless `readOnly`. Several processes may do so at once. */
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
  const logOptions = { name: 'log', keyEncoder: integerKeys, encoder: entries }
  const endOptions = { name: 'ends', keyEncoder: integerKeys }
  const environment = {
    root,
    log: root.openDB<Entry, number>(logOptions),
    streams: root.openDB<number, number>(endOptions),
    milestones: root.openDB<number, [StreamId, number]>({ name: 'milestones' }),
    progress: root.openDB<number, 'indexed'>({ name: 'settled' }),
    makeEntry: entryMaker(),
  }
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
