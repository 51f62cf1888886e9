import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyInstallation } from '../../app/verify/verify-installation.ts'
import { loadConfig } from '../../infra/config/load-config.ts'
import { openProvedLog } from '../../infra/lmdb/proved-log.ts'
import { textOf } from '../../proof/line.ts'
import type { Finding } from '../../proof/statements.ts'

/** Verifies what is in a folder. */
export const findingsIn = async (folder: string): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  const config = loadConfig({ DAYBOOK_DATA: folder })
  const onFinding = (finding: Finding): void => void findings.push(finding)
  await verifyInstallation({ config, isRunning: false, onFinding, onProgress: () => undefined })
  return findings
}

/** Everything that can be read: the log's events in their order, each stream, and the checkpoints. */
export const readable = async (folder: string): Promise<string> => {
  const log = openProvedLog(join(folder, 'log'))
  try {
    const lines = await log.linesAfter(0, Number.MAX_SAFE_INTEGER)
    const texts = lines.map(textOf)
    for (const stream of new Set(lines.map((line) => line.stream)))
      for (const line of await log.linesOf(stream, 0, Number.MAX_SAFE_INTEGER)) texts.push(textOf(line))
    texts.push(await readFile(join(folder, 'checkpoints.ndjson'), 'latin1'))
    return texts.join('\n')
  } finally {
    await log.close()
  }
}

/** What becomes of a corruption: it is found, or it has changed nothing that can be read, or it is missed. */
export type Outcome = { readonly type: 'found'; readonly finding: Finding } | { readonly type: 'nothing' | 'missed' }

/** Corrupts a copy of a sound folder and verifies it. `before` is what can be read from the sound one. */
export const tryCorruption = async (
  sound: string,
  before: string,
  corrupt: (folder: string) => Promise<void>,
): Promise<Outcome> => {
  const folder = `${sound}-changed`
  try {
    await cp(sound, folder, { recursive: true })
    await corrupt(folder)
    const [finding] = await findingsIn(folder)
    if (finding !== undefined) return { type: 'found', finding }
    return { type: (await readable(folder)) === before ? 'nothing' : 'missed' }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
