import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventSchemas } from '../../domain/event-schemas.ts'
import { type Position, sequenceIn } from '../../domain/position.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { type BundledFile, type BundledRange, type Manifest, manifestText } from '../../proof/bundle/manifest.ts'
import { provedBy, selectLines } from '../../proof/bundle/select-lines.ts'
import { hexOf } from '../../proof/digest.ts'
import type { Line } from '../../proof/line.ts'
import { type Statements, readStatements } from '../../proof/statements.ts'
import { checkpointFile, openProvedLogs, type OpenProvedLog } from '../engines/proof.ts'
import { readFileLines } from '../verify/read-file-lines.ts'
import { StartError } from '../start-error.ts'
import { writeLines } from './bundle-file.ts'

/** What is to be exported: all events from `from` on up to and including `to`, or those of one merchant. */
export type Export = {
  readonly out: string
  readonly from?: Position
  readonly to?: Position
  readonly merchantId?: string
}

const standalone = join(import.meta.dirname, '..', '..', 'proof', 'standalone', 'verify.mjs')

/** Whose event it is, as its text says; merchants' ids are in each event's metadata. */
const merchantOf = ({ event }: Line): unknown => JSON.parse(event).metadata?.merchantId

const statementsOf = async (config: Config): Promise<{ lines: readonly string[]; statements: Statements }> => {
  const path = checkpointFile(config)
  const lines = await readFileLines(path)
  const statements = readStatements(lines)
  const [finding] = statements.findings
  if (finding !== undefined) throw new StartError(`${path} was changed: ${finding.where}: ${finding.what}`)
  if (statements.checkpoints.length === 0) throw new StartError(`there are no checkpoints in ${path} yet`)
  return { lines, statements }
}

const exportLog = async (
  { out, from = '0', to, merchantId }: Export,
  log: number,
  lines: OpenProvedLog,
  statements: Statements,
  onEvent: () => void,
): Promise<{ file: BundledFile; range: BundledRange } | undefined> => {
  const checkpoints = statements.checkpoints.filter((checkpoint) => checkpoint.log === log)
  let events = 0
  const selection = {
    from: sequenceIn(from, log),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : sequenceIn(to, log),
    isWanted: (line: Line): boolean => {
      const isWanted = merchantId === undefined || merchantOf(line) === merchantId
      if (isWanted) events += 1
      return isWanted
    },
  }
  const source = { lines, checkpoints }
  const proof = provedBy(source, selection)
  if (proof === undefined || proof.sequence < selection.from) return undefined
  const file = await writeLines(out, `log-${log}.ndjson`, selectLines(source, selection, onEvent))
  const range = {
    log,
    from: selection.from,
    to: Math.min(selection.to, proof.sequence),
    ...(merchantId === undefined ? {} : { merchantId }),
    events,
    size: proof.size,
    root: hexOf(proof.root),
  }
  return { file, range }
}

/** Writes a bundle to a folder that is not there yet. Throws a `StartError` where there is nothing that could prove it. */
export const exportBundle = async (config: Config, given: Export, onEvent: () => void): Promise<Manifest> => {
  const { lines, statements } = await statementsOf(config)
  const { each } = openProvedLogs(config)
  try {
    await mkdir(given.out, { recursive: false, mode: 0o700 }).catch((error: unknown) => {
      throw new StartError(`${given.out} cannot be made: it has to be a folder that is not there yet`, { cause: error })
    })
    const files: BundledFile[] = []
    const logs: BundledRange[] = []
    for (const [log, proved] of each.entries()) {
      const exported = await exportLog(given, log, proved, statements, onEvent)
      if (exported === undefined) continue
      files.push(exported.file)
      logs.push(exported.range)
    }
    if (logs.length === 0) throw new StartError(`nothing from ${given.from ?? '0'} on is signed yet`)
    files.push(await writeLines(given.out, 'checkpoints.ndjson', lines))
    files.push(await writeLines(given.out, 'schemas.json', [JSON.stringify(eventSchemas, undefined, 2)]))
    const verifier = (await readFile(standalone, 'utf8')).replace(/\n$/, '')
    files.push(await writeLines(given.out, 'verify.mjs', [verifier]))
    const manifest: Manifest = { format: 'daybook-audit-bundle/1', ledger: statements.chain?.ledger ?? '', logs, files }
    await writeLines(given.out, 'manifest.json', [manifestText(manifest).replace(/\n$/, '')])
    return manifest
  } finally {
    await Promise.all(each.map((log) => log.close()))
  }
}
