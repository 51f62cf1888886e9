import type { Config } from '../../infra/config/load-config.ts'
import { hexOf } from '../../proof/digest.ts'
import { verifierText } from '../../proof/note.ts'
import type { Finding } from '../../proof/statements.ts'
import { isHeld } from '../instance-lock.ts'
import { checkpointFile } from '../engines/proof.ts'
import { rangeOptions } from '../position-option.ts'
import { StartError } from '../start-error.ts'
import { hasReadModels, verifyReadModels } from './verify-read-models.ts'
import { type Result, verifyInstallation, verifyOneStream } from './verify-installation.ts'

const mostShown = 100
const progressEveryMs = 5_000

const plural = (count: number, one: string): string =>
  `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`

const report = (config: Config, { logs, statements }: Result): void => {
  for (const [log, { events, size, root }] of logs.entries()) {
    console.log(`log ${log}: ${plural(events, 'event')}, root ${hexOf(root)}`)
    const signed = statements.checkpoints.findLast((checkpoint) => checkpoint.log === log)
    const since = Math.max(0, size - (signed?.size ?? 0))
    const upTo = signed === undefined ? 'nothing was signed' : `signed up to event ${signed.sequence} at ${signed.time}`
    console.log(`  ${upTo}; ${plural(since, 'event')} since then`)
  }
  const { checkpoints, chain, firstKey } = statements
  if (chain === undefined || firstKey === undefined) return console.log(`no checkpoints in ${checkpointFile(config)}`)
  const first = verifierText(firstKey)
  const now = verifierText(chain.verifier)
  console.log(`${plural(checkpoints.length, 'checkpoint')} of the ledger ${chain.ledger}, first key ${first}`)
  if (now !== first) console.log(`  key now ${now}`)
}

/** As the command line has it. */
export type VerifyOptions = {
  readonly key?: string
  readonly from?: string
  readonly to?: string
  readonly stream?: string
  /** Whether the read models are held against the log as well, where all of it is verified; so unless it is false. */
  readonly readModels?: boolean
}

/**
 * Verifies an installation, whether it runs or not, and tells what it found. Resolves to the exit code: 1 where anything is
 * not as it was written, or a stream is parked. Throws a `StartError` that names the option which is wrong.
 */
export const runVerify = async (
  config: Config,
  { key, from, to, stream, readModels = true }: VerifyOptions,
): Promise<number> => {
  const startedAt = performance.now()
  let findings = 0
  const onFinding = ({ where, what }: Finding): void => {
    findings += 1
    if (findings <= mostShown) console.log(`FOUND ${where}: ${what}`)
  }
  let toldAt = startedAt
  const tell = (text: () => string): void => {
    if (performance.now() - toldAt < progressEveryMs) return
    toldAt = performance.now()
    process.stderr.write(`${text()}\n`)
  }
  const onProgress = (events: number): void =>
    tell(() => `${plural(events, 'event')}, ${Math.round((1_000 * events) / (performance.now() - startedAt))}/s`)
  const verification = {
    config,
    isRunning: await isHeld(config.DAYBOOK_DATA),
    onFinding,
    onProgress,
    ...(key === undefined ? {} : { key }),
    ...rangeOptions(from, to),
  }

  let events = 0
  if (stream !== undefined && (from !== undefined || to !== undefined))
    throw new StartError('--stream is verified as a whole: not with --from or --to')
  if (stream === undefined) {
    const result = await verifyInstallation(verification)
    report(config, result)
    events = result.logs.reduce((sum, each) => sum + each.events, 0)
    // What cannot be read as it was written makes nothing that tables could be held against.
    if (readModels && from === undefined && to === undefined && findings === 0 && hasReadModels(config)) {
      const onPlace = (at: string): void => tell(() => `the read models were compared up to ${at}`)
      const { upTo, notes } = await verifyReadModels(config, onFinding, onPlace)
      console.log(`the read models were compared with the log up to ${upTo}`)
      for (const note of notes) console.log(`  ${note}`)
    }
  } else {
    events = await verifyOneStream(verification, stream)
    if (events === 0 && findings === 0) throw new StartError(`there is no stream ${stream}`)
  }
  if (findings > mostShown) console.log(`and ${plural(findings - mostShown, 'other finding')}`)
  const seconds = (performance.now() - startedAt) / 1_000
  const rate = Math.round(events / seconds)
  console.log(`${plural(events, 'event')} in ${seconds.toFixed(1)} s (${rate}/s), ${plural(findings, 'finding')}`)
  return findings === 0 ? 0 : 1
}
