import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../infra/config/load-config.ts'
import { checkStructure } from '../../infra/lmdb/structure/check-structure.ts'
import { linesIn } from '../../infra/proof/record-file.ts'
import { verifierText } from '../../proof/note.ts'
import { type Finding, readStatements, type Statements } from '../../proof/statements.ts'
import { type Verified, verifyLog } from '../../proof/verify-log.ts'
import { checkpointFile, openProvedLogs, type ProvedLogs } from '../engines/proof.ts'
import { codeOf, messageOf, StartError } from '../start-error.ts'
import { judgeOf } from './judge.ts'

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

const readFileLines = async (path: string): Promise<readonly string[]> =>
  readFile(path, 'utf8').then(
    (text) =>
      text === '' || text.endsWith('\n') ? linesIn(text) : [...linesIn(text), text.slice(text.lastIndexOf('\n') + 1)],
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return []
      throw error
    },
  )

/** Opens the logs; undefined where LMDB does not take them for what they are. */
const openOrTell = ({ config, onFinding }: Verification): ProvedLogs | undefined => {
  try {
    return openProvedLogs(config)
  } catch (error) {
    if (error instanceof StartError) throw error
    onFinding({ where: 'log 0', what: `it cannot be opened: ${messageOf(error)}` })
    return undefined
  }
}

/** Opens the logs once their files are known to hold together; undefined where they do not. */
const openSound = (verification: Verification): ProvedLogs | undefined => {
  const { config, isRunning, onFinding } = verification
  if (config.EVENT_STORE !== 'lmdb') return openProvedLogs(config)
  const folder = join(config.DAYBOOK_DATA, 'log')
  const check = (): boolean => {
    const findings = checkStructure(folder)
    for (const finding of findings) onFinding(finding)
    return findings.length === 0
  }
  // What nobody writes to is looked at before LMDB, which believes what it finds, is let near it.
  if (!isRunning) return check() ? openOrTell(verification) : undefined
  const logs = openOrTell(verification)
  const unpin = (logs?.each ?? []).map((log) => log.pin())
  const isSound = check()
  for (const done of unpin) done()
  return isSound ? logs : undefined
}

/** Recomputes everything that can be told from the logs and the file of checkpoints. */
export const verifyInstallation = async (verification: Verification): Promise<Result> => {
  const { config, key, onFinding, onProgress } = verification
  const statements = readStatements(await readFileLines(checkpointFile(config)))
  for (const finding of statements.findings) onFinding(finding)
  if (key !== undefined && statements.firstKey !== undefined && verifierText(statements.firstKey) !== key)
    onFinding({ where: 'checkpoints, line 1', what: `the first key is ${verifierText(statements.firstKey)}` })

  const logs = openSound(verification)
  const verified: Verified[] = []
  try {
    for (const [log, lines] of (logs?.each ?? []).entries()) {
      const checkpoints = statements.checkpoints.filter((checkpoint) => checkpoint.log === log)
      const dense = logs?.dense ?? false
      verified.push(await verifyLog({ log, lines, dense, checkpoints, judge: judgeOf, onFinding, onProgress }))
    }
  } finally {
    await Promise.all((logs?.each ?? []).map((lines) => lines.close()))
  }
  return { logs: verified, statements }
}
