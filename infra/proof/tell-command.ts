import { spawn } from 'node:child_process'

const patienceMs = 30_000

/** Runs a command in a shell, gives it the text on its standard input, and rejects unless it ends well within 30 seconds. */
const run = (command: string, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: patienceMs,
      killSignal: 'SIGKILL',
    })
    child.once('error', reject)
    child.once('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`the command ended with ${signal ?? `exit code ${code}`}`)),
    )
    // A command that does not read has said what it thinks of it by its exit code.
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })

/**
 * Tells a command of each text, one after another; of those that come meanwhile the last one only, which a checkpoint is
 * enough for, as it is about everything before it.
 */
export const tellCommand = (command: string, onFailure: (error: unknown) => void): ((text: string) => void) => {
  let waiting: string | undefined
  let isRunning = false
  const runNext = async (): Promise<void> => {
    isRunning = true
    for (let text = waiting; text !== undefined; text = waiting) {
      waiting = undefined
      await run(command, text).catch(onFailure)
    }
    isRunning = false
  }
  return (text) => {
    waiting = text
    if (!isRunning) void runNext()
  }
}
