import { join } from 'node:path'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { openProvedLog } from '../../infra/lmdb/proved-log.ts'
import { openRecordFile } from '../../infra/proof/record-file.ts'
import { newKey, signerOf } from '../../infra/proof/signer.ts'
import { randomLog } from '../../projections/testing/random-log.ts'
import { runNotary } from '../../proof/notary.ts'
import { beginSigning } from '../../proof/signing.ts'

const everyEvents = 40
const appendsAtOnce = 8

/** Writes a history that the rules allow, of about so many events, and signs it every 40 events. Gives how many are signed. */
export const makeInstallation = async (folder: string, seed: number, steps: number): Promise<number> => {
  const path = join(folder, 'log')
  const events = randomLog(seed, steps, ['1', '2', '3'])
  const log = openEventLog({ path, recentStreams: 16 })
  for (let first = 0; first < events.length; first += appendsAtOnce) {
    const some = events.slice(first, first + appendsAtOnce)
    const appends = some.map((event) =>
      log.append(event.stream, event.revision === 0 ? 'none' : event.revision - 1, [event]),
    )
    for (const { type } of await Promise.all(appends))
      if (type !== 'appended') throw new Error('an event was not taken')
  }
  await log.close()

  const lines = openProvedLog(path)
  const file = await openRecordFile(join(folder, 'checkpoints.ndjson'))
  const signing = await beginSigning(undefined, { current: signerOf('daybook', newKey()) }, file, () => new Date())
  const signed = events.length - (events.length % everyEvents)
  const done = new AbortController()
  const onCheckpoint = (_: string, size: number): void => {
    if (size === signed) done.abort()
  }
  const pace = { events: everyEvents, ms: 3_600_000 }
  await runNotary({ log: 0, lines, last: undefined, signing, pace, onCheckpoint }, done.signal)
  await lines.close()
  await file.close()
  return signed
}
