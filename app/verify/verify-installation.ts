import { join } from 'node:path'
import type { Config } from '../../infra/config/load-config.ts'
import { checkStructure } from '../../infra/lmdb/structure/check-structure.ts'
import { openProvedLog } from '../../infra/lmdb/proved-log.ts'
import { verifierText } from '../../proof/note.ts'
import { type Finding, readStatements, type Statements } from '../../proof/statements.ts'
import { type Verified, verifyLog } from '../../proof/verify-log.ts'
import { checkpointFile, openProvedLogs, type ProvedLogs } from '../engines/proof.ts'
import { messageOf } from '../start-error.ts'
import { judgeOf } from './judge.ts'
import { readFileLines } from './read-file-lines.ts'

/** What is to be verified of an installation. */
export type Verification = {
  readonly config: Config
  /** The key that the ledger's first checkpoint has to name, as `verifierText` writes it; any where absent. */
  readonly key?: string
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
      verified.push(await verifyLog({ log, lines, dense, checkpoints, judge: judgeOf, onFinding, onProgress }))
    }
  } finally {
    await Promise.all(each.map((lines) => lines.close()))
  }
  return { logs: verified, statements }
}
