import { join } from 'node:path'
import { type Position, sequenceIn } from '../../domain/position.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { checkStructure } from '../../infra/lmdb/structure/check-structure.ts'
import { openProvedLog } from '../../infra/lmdb/proved-log.ts'
import { verifierText } from '../../proof/note.ts'
import { knownIds } from '../../proof/known-ids.ts'
import { type Finding, type ProvedCheckpoint, readStatements, type Statements } from '../../proof/statements.ts'
import { type LogToVerify, type Verified, verifyLog } from '../../proof/verify-log.ts'
import { type OnFault, verifyStream } from '../../proof/verify-stream.ts'
import { checkpointFile, openProvedLogs, type ProvedLogs } from '../engines/proof.ts'
import { messageOf } from '../start-error.ts'
import { judgeOf } from './judge.ts'
import { readFileLines } from './read-file-lines.ts'

/** What is to be verified of an installation. */
export type Verification = {
  readonly config: Config
  /** The key that the ledger's first checkpoint has to name, as `verifierText` writes it; any where absent. */
  readonly key?: string
  /** Of each log what comes after the last checkpoint at or before `from`, up to `to`; all where they are absent. */
  readonly from?: Position
  readonly to?: Position
  /** Whether somebody may be writing to the log. */
  readonly isRunning: boolean
  readonly onFinding: (finding: Finding) => void
  readonly onProgress: (events: number) => void
}

/** What was verified: each log, and what was signed of all. */
export type Result = { readonly logs: readonly Verified[]; readonly statements: Statements }

/** Whether the log's file holds together, which LMDB would take for granted. What is wrong with it is told. */
const isSound = async ({ config, isRunning, onFinding }: Verification): Promise<boolean> => {
  if (config.EVENT_STORE !== 'lmdb') return true
  const folder = join(config.DAYBOOK_DATA, 'log')
  // Only what somebody writes to has to be pinned, and that somebody has found to be fit for LMDB.
  const pinned = isRunning ? openProvedLog(folder) : undefined
  const unpin = pinned?.pin()
  const findings = checkStructure(folder)
  unpin?.()
  await pinned?.close()
  for (const finding of findings) onFinding(finding)
  return findings.length === 0
}

const openLogs = async (verification: Verification): Promise<ProvedLogs> => {
  const none = { each: [], dense: true }
  if (!(await isSound(verification))) return none
  try {
    return openProvedLogs(verification.config)
  } catch (error) {
    verification.onFinding({ where: 'log 0', what: `it cannot be opened: ${messageOf(error)}` })
    return none
  }
}

/** A range begins at a checkpoint: what comes before that is known by its tree. */
const rangeOf = (
  { from, to }: Verification,
  log: number,
  checkpoints: readonly ProvedCheckpoint[],
): Pick<LogToVerify, 'from' | 'to'> => {
  const begin = from && checkpoints.findLast(({ sequence }) => sequence < sequenceIn(from, log))
  return { ...(begin ? { from: begin } : {}), ...(to === undefined ? {} : { to: sequenceIn(to, log) }) }
}

/** Verifies one stream, whose events' hashes follow from each other; whether they were signed, their log tells. */
export const verifyOneStream = async (verification: Verification, stream: string): Promise<number> => {
  const { each } = await openLogs(verification)
  let events = 0
  try {
    for (const [log, lines] of each.entries()) {
      const onFault: OnFault = ({ sequence, revision }, what) =>
        verification.onFinding({ where: `log ${log}, event ${sequence} (${stream}, revision ${revision})`, what })
      const leaves = await verifyStream(lines, stream, judgeOf(stream), knownIds(), onFault)
      events += leaves.size
    }
  } finally {
    await Promise.all(each.map((lines) => lines.close()))
  }
  return events
}

/** Recomputes everything that can be told from the logs and the file of checkpoints. */
export const verifyInstallation = async (verification: Verification): Promise<Result> => {
  const { config, key, onFinding, onProgress } = verification
  const statements = readStatements(await readFileLines(checkpointFile(config)))
  for (const finding of statements.findings) onFinding(finding)
  if (key !== undefined && statements.firstKey !== undefined && verifierText(statements.firstKey) !== key)
    onFinding({ where: 'checkpoints, line 1', what: `the first key is ${verifierText(statements.firstKey)}` })

  const { each, dense } = await openLogs(verification)
  const verified: Verified[] = []
  try {
    for (const [log, lines] of each.entries()) {
      const checkpoints = statements.checkpoints.filter((checkpoint) => checkpoint.log === log)
      const given = { log, lines, dense, checkpoints, judge: judgeOf, onFinding, onProgress }
      verified.push(await verifyLog({ ...given, ...rangeOf(verification, log, checkpoints) }))
    }
  } finally {
    await Promise.all(each.map((lines) => lines.close()))
  }
  return { logs: verified, statements }
}
