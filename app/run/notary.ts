import type { Config } from '../../infra/config/load-config.ts'
import { openRecordFile } from '../../infra/proof/record-file.ts'
import { tellCommand } from '../../infra/proof/tell-command.ts'
import { yieldToOthers } from '../../infra/yield-to-others.ts'
import { runNotary } from '../../proof/notary.ts'
import { beginSigning } from '../../proof/signing.ts'
import { readStatements } from '../../proof/statements.ts'
import { checkpointFile, openProvedLogs, signingKeys } from '../engines/proof.ts'
import { StartError, messageOf } from '../start-error.ts'
import { runProcess, type Task } from './run-process.ts'

/** Opens the file and goes on signing where it ends. Throws a `StartError` where it is not as it was written. */
const begin = async ({ config, teardown }: Task) => {
  const keys = await signingKeys(config)
  const path = checkpointFile(config)
  const file = await openRecordFile(path)
  teardown.add('the file of checkpoints', () => file.close())
  const { chain, checkpoints, findings } = readStatements(file.lines)
  const [finding] = findings
  if (finding !== undefined) throw new StartError(`${path} was changed: ${finding.where}: ${finding.what}`)
  const signing = await beginSigning(chain, keys, file, () => new Date())
  return { checkpoints, signing }
}

const tell = ({ config, log }: Task): ((note: string) => void) =>
  config.CHECKPOINT_COMMAND === undefined
    ? () => undefined
    : tellCommand(config.CHECKPOINT_COMMAND, (error) => log.error({ err: error }, 'CHECKPOINT_COMMAND failed'))

/**
 * Signs checkpoints of the event store's logs until Ctrl-C or SIGTERM. Throws a `StartError` where the file of
 * checkpoints was changed, the key is not the one that may sign, or a log lacks what was signed of it.
 */
export const runNotaryAlone = (config: Config): Promise<number> =>
  runProcess(config, 'notary', async (task) => {
    yieldToOthers(process.pid)
    const { metrics, log, teardown, signal } = task
    const { checkpoints, signing } = await begin(task).catch((error: unknown) => {
      throw error instanceof StartError ? error : new StartError(messageOf(error), { cause: error })
    })
    const { each } = openProvedLogs(config)
    teardown.add('the log', () => Promise.all(each.map((lines) => lines.close())))
    const told = tell(task)
    const notaries = each.map((lines, of) => {
      const last = checkpoints.findLast((checkpoint) => checkpoint.log === of)
      const onCheckpoint = (note: string, size: number): void => {
        metrics.checkpoint(of, size)
        told(note)
      }
      const pace = { events: config.CHECKPOINT_EVENTS, ms: config.CHECKPOINT_INTERVAL }
      return runNotary({ log: of, lines, last, signing, pace, onCheckpoint }, signal)
    })
    const done = Promise.all(notaries).catch((error: unknown) => {
      log.fatal({ err: error }, 'no checkpoints can be made')
      task.onFailure(new StartError(`no checkpoints can be made: ${messageOf(error)}`, { cause: error }))
    })
    teardown.add('the notary', () => done)
    return { probes: [] }
  })
