import { access, link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../infra/config/load-config.ts'
import { eventStores } from '../../infra/config/places.ts'
import { openProvedStore } from '../../infra/eventstoredb/proved-log.ts'
import { openProvedLog } from '../../infra/lmdb/proved-log.ts'
import { newKey, signerOf } from '../../infra/proof/signer.ts'
import type { Signer } from '../../proof/note.ts'
import type { ProvedLog } from '../../proof/proved-log.ts'
import type { Keys } from '../../proof/signing.ts'
import { StartError, codeOf, messageOf } from '../start-error.ts'

/** A log to be proved, as one process has it open. */
export type OpenProvedLog = ProvedLog & { close(): Promise<void> }

/** The event store's logs, each to be proved for itself, and whether their sequences have no holes. */
export type ProvedLogs = { readonly each: readonly OpenProvedLog[]; readonly dense: boolean }

/** Opens the logs that are chosen. Throws where there are none. */
export const openProvedLogs = (config: Config): ProvedLogs =>
  config.EVENT_STORE === 'lmdb'
    ? { each: [openProvedLog(join(config.DAYBOOK_DATA, 'log'))], dense: true }
    : { each: eventStores(config).map(openProvedStore), dense: false }

/** Where the checkpoints are. */
export const checkpointFile = (config: Config): string =>
  config.CHECKPOINT_FILE ?? join(config.DAYBOOK_DATA, 'checkpoints.ndjson')

const signer = (name: string, variable: string, pem: string): Signer => {
  try {
    return signerOf(name, pem)
  } catch (error) {
    throw new StartError(`${variable} ${messageOf(error)}`)
  }
}

/** The installation's own key: made on first use, by one process only however many start at once. */
const ownKey = async (folder: string): Promise<string> => {
  const path = join(folder, 'signing-key.pem')
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    const candidate = `${path}.${process.pid}`
    await writeFile(candidate, newKey(), { mode: 0o600, flush: true })
    await link(candidate, path).catch((taken: unknown) => {
      if (codeOf(taken) !== 'EEXIST') throw taken
    })
    await rm(candidate, { force: true })
  }
  return readFile(path, 'utf8')
}

/**
 * The keys that sign. Throws a `StartError` that names the variable which has none: what is not in a folder of its own
 * needs a key that every machine would take.
 */
export const signingKeys = async (config: Config): Promise<Keys> => {
  const { LEDGER_NAME: name, SIGNING_KEY: current, PREVIOUS_SIGNING_KEY: previous, DAYBOOK_DATA: folder } = config
  if (current === undefined && config.EVENT_STORE !== 'lmdb')
    throw new StartError('SIGNING_KEY is required for checkpoints with EVENT_STORE=eventstoredb')
  const pem = current ?? (await ownKey(folder))
  const variable = current === undefined ? join(folder, 'signing-key.pem') : 'SIGNING_KEY'
  return {
    current: signer(name, variable, pem),
    ...(previous === undefined ? {} : { previous: signer(name, 'PREVIOUS_SIGNING_KEY', previous) }),
  }
}
