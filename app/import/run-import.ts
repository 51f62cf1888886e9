import type { Config } from '../../infra/config/load-config.ts'
import { openDataFolder } from '../data-folder.ts'
import { demoMerchantKey } from '../demo.ts'
import { reachLedger } from '../reach-ledger.ts'
import { importFile } from './import-file.ts'
import { postBatchTo } from './post-batch.ts'
import { createProgress } from '../progress.ts'
import { readPaymentFrom } from './read-payment.ts'

export type ImportOptions = {
  readonly mapping: string
  readonly url?: string
  readonly key?: string
  readonly concurrency: number
}

/** Imports, shows how far it is, and prints the result; Ctrl-C once stops it cleanly. Returns the exit code. */
export const runImport = async (config: Config, file: string, options: ImportOptions): Promise<number> => {
  const url = options.url ?? `http://127.0.0.1:${config.PORT}`
  await reachLedger(url)
  const key = options.key ?? demoMerchantKey((await openDataFolder(config.DAYBOOK_DATA)).secret).token
  const stop = new AbortController()
  const onInterrupt = (): void => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  const ledger = { post: postBatchTo(url, key), read: readPaymentFrom(url, key) }
  const startedAt = Date.now()
  const order = { file, mapping: options.mapping, concurrency: options.concurrency }
  const { tally, rejectedPath } = await importFile(order, ledger, createProgress, stop.signal)
  const elapsedMs = Math.max(1, Date.now() - startedAt)
  for (const line of tally.lines()) console.log(line)
  console.log(`time      ${(elapsedMs / 1_000).toFixed(1)} s, ${Math.round((tally.rows * 1_000) / elapsedMs)} rows/s`)
  if (tally.refused > 0) console.log(`The refused rows and why: ${rejectedPath}`)
  if (!stop.signal.aborted) return 0
  console.log('Stopped. The same command goes on from here.')
  return 130
}
