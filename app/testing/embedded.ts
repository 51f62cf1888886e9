import { setTimeout as sleep } from 'node:timers/promises'
import { killAll, processTree } from './processes.ts'
import { type Run, type Settings, type User, run } from './program.ts'

/** An installation of the embedded profile that is ready. */
export type Embedded = {
  readonly run: Run
  readonly url: string
  readonly metricsUrl: string
  /** The demo merchant's key. */
  readonly key: string
  readonly greeting: string
  /** All its processes, the main one first. */
  processes(): Promise<readonly number[]>
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL to all its processes at once. */
  kill(): Promise<void>
}

const find = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? ''

/** Starts on the folder `data` and waits for the greeting; throws with its output if it ends before. */
export const startEmbedded = async (data: string, settings: Settings = {}, user?: User): Promise<Embedded> => {
  const program = run(['start'], { DAYBOOK_DATA: data, ...settings }, user)
  let ended = false
  void program.ended.then(() => (ended = true))
  while (!program.stdout().includes('Ctrl-C stops it')) {
    if (ended) throw new Error(`it did not start:\n${program.stdout()}\n${program.stderr()}`)
    await sleep(20)
  }
  const greeting = program.stdout()
  return {
    run: program,
    greeting,
    url: find(greeting, /API\s+(\S+)/),
    metricsUrl: find(greeting, /Metrics\s+(\S+)/),
    key: find(greeting, /Key\s+(\S+)/),
    processes: () => processTree(program.pid),
    async stop() {
      program.child.kill('SIGTERM')
      return program.ended
    },
    async kill() {
      killAll(await processTree(program.pid))
      await program.ended
    },
  }
}
