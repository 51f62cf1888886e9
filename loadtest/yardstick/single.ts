import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFateLog } from '../acknowledged.ts'
import { createCommands, type LoadMerchant } from '../commands.ts'
import { drive } from '../drive.ts'
import { automaticMix } from './automatic.ts'
import type { Beside } from './figures.ts'
import { inTurns } from './in-turns.ts'
import type { NoopServer } from './noop-server.ts'

/** Where payments are sent, by whom: the no-op server does not mind who it is. */
export type Payee = { readonly url: string; readonly merchants: readonly LoadMerchant[] }

/** How many payments were accepted: a second after the first one, and in all. */
export type Paid = { readonly perSecond: number; readonly accepted: number }

/** Sends payments of one command each as fast as they are answered. Throws when one is not accepted. */
export const sendPayments = async ({ url, merchants }: Payee, connections: number, seconds: number): Promise<Paid> => {
  const run = randomBytes(6).toString('hex')
  const path = join(tmpdir(), `daybook-fates-${run}`)
  const fates = createFateLog(path)
  try {
    const commands = createCommands(run, new URL(url).host, automaticMix(1), merchants, 1)
    const load = { url, connections, batch: 1, warmUpSeconds: 1, seconds }
    const driven = await drive(load, commands, fates, { onMeasured: () => undefined, onSecond: () => undefined })
    if (driven.successRate < 1) throw new Error(`not all was accepted: ${JSON.stringify(driven.errors)}`)
    return { perSecond: driven.transactions / seconds, accepted: fates.count() }
  } finally {
    fates.close()
    rmSync(path)
  }
}

/** Payments a second of the no-op server and of Daybook in turns of `seconds`: their medians. */
export const measureSingle = async (
  noop: NoopServer,
  daybook: Payee,
  connections: number,
  seconds: number,
): Promise<Beside> => {
  const perSecond = async (payee: Payee): Promise<number> => (await sendPayments(payee, connections, seconds)).perSecond
  const payee = { url: noop.url, merchants: daybook.merchants }
  return inTurns(
    () => perSecond(payee),
    () => perSecond(daybook),
  )
}
