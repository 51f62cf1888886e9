import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type Config, toEnvironment } from '../../infra/config/load-config.ts'
import { RebuildRefused } from '../../projections/rebuild/refused.ts'

/** What a rebuild is started with. */
export type StartedRebuild = {
  readonly projection: string
  readonly shard?: number
  readonly to?: string
  readonly maxRate?: number
}

type Message = { readonly type: 'begun' } | { readonly type: 'failed'; readonly reason: string }

/** Tells the process that has started this one, where one has. */
export const tellStarter = (message: Message): void =>
  void process.send?.(message, undefined, undefined, () => undefined)

/** How it stands once `startRebuild` resolves. */
export type Start = 'building' | 'caughtUp'

/**
 * Starts a rebuild in a process of its own, which yields to all others and ends with this one. Resolves when it has begun,
 * or there was nothing left to do. Throws `RebuildRefused` with the reason where it cannot.
 */
export const startRebuild = (config: Config, order: StartedRebuild): Promise<Start> =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'main.js'), [JSON.stringify(order)], {
      env: toEnvironment(config),
      execArgv: ['--max-semi-space-size=64'],
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let reason = ''
    // Only this program's own process is on the other side.
    child.on('message', (message) => {
      const told = message as Message
      if (told.type === 'begun') resolve('building')
      else reason = told.reason
    })
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0 ? resolve('caughtUp') : reject(new RebuildRefused(reason === '' ? `it ended with ${code}` : reason)),
    )
  })
