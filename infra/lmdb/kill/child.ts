import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** A program of this folder at work. */
export type Child = {
  readonly pid: number
  /** The whole lines that it has printed so far. */
  readonly lines: readonly string[]
  /** Resolves when it has printed `count` lines; rejects when it ends before. */
  printed(count: number): Promise<void>
  /** Sends the signal and waits for the end. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
}

const builtProgram = (name: string): string =>
  fileURLToPath(new URL(`../../../dist/infra/lmdb/kill/${name}.js`, import.meta.url))

/** Starts a program as it was built, by itself or by a command that precedes it. */
export const startChild = (
  program: 'reader' | 'writer',
  args: readonly string[],
  precededBy: readonly string[] = [],
): Child => {
  const [command = '', ...rest] = [...precededBy, process.execPath, builtProgram(program), ...args]
  const child: ChildProcessByStdio<null, Readable, null> = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  const closed = once(reader, 'close')

  return {
    pid: child.pid ?? 0,
    lines,
    printed: async (count) => {
      while (lines.length < count) {
        if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`)
        await Promise.race([once(reader, 'line'), closed])
      }
    },
    end: async (signal) => {
      child.kill(signal)
      await closed
    },
  }
}
