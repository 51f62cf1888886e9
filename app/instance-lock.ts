import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identityOf } from './process-identity.ts'
import { StartError, codeOf } from './start-error.ts'

type Holder = { readonly pid: number; readonly identity: string }

/** Gives the folder back. */
export type InstanceLock = { release(): Promise<void> }

const parseHolder = (text: string): Holder | undefined => {
  try {
    const { pid, identity }: Partial<Record<keyof Holder, unknown>> = JSON.parse(text)
    return typeof pid === 'number' && typeof identity === 'string' ? { pid, identity } : undefined
  } catch {
    return undefined
  }
}

const runningHolder = (text: string): Holder | undefined => {
  const holder = parseHolder(text)
  return holder && identityOf(holder.pid) === holder.identity ? holder : undefined
}

const linkIfFree = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    },
  )

const readIfThere = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })

/**
 * Takes `daybook.lock` in the folder for this process. The lock of a process that was killed is taken over; that of a
 * running one throws a `StartError` which names it. The file appears with its content at once, so nobody reads half.
 */
export const lockFolder = async (folder: string): Promise<InstanceLock> => {
  const path = join(folder, 'daybook.lock')
  const own = `${path}.${process.pid}-${randomBytes(4).toString('hex')}`
  const stale = `${own}.stale`
  const content = JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) ?? '' })
  const refuse = (holder: Holder): never => {
    throw new StartError(`another Daybook (process ${holder.pid}) is running on ${folder}`)
  }
  await writeFile(own, content, { mode: 0o600 })
  try {
    while (!(await linkIfFree(own, path))) {
      const found = await readIfThere(path)
      if (found === undefined) continue
      const holder = runningHolder(found)
      if (holder) return refuse(holder)
      // Between reading and moving, another process may have taken the stale lock over: then it gets its own back.
      await rename(path, stale).catch(() => undefined)
      const moved = await readIfThere(stale)
      const winner = moved === undefined ? undefined : runningHolder(moved)
      if (winner) {
        await linkIfFree(stale, path)
        return refuse(winner)
      }
    }
  } finally {
    await rm(own, { force: true })
    await rm(stale, { force: true })
  }
  return {
    async release() {
      if ((await readIfThere(path)) === content) await rm(path, { force: true })
    },
  }
}
