import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { open } from 'lmdb'
import { identityOf } from './process-identity.ts'
import { StartError } from './start-error.ts'

type Holder = { readonly pid: number; readonly identity: string }

/** Gives the folder back. */
export type InstanceLock = { release(): Promise<void> }

const lockFile = 'daybook.lock'
const key = 'holder'

const isSame = (one: Holder, other: Holder): boolean => one.pid === other.pid && one.identity === other.identity

/**
 * Changes the holder in `daybook.lock`, a database of one record: looking who holds the folder and taking it must be one
 * step for all processes, also when one is killed in between. Gives the holder that was found.
 */
const exchange = async (
  folder: string,
  next: (found: Holder | undefined) => Holder | undefined,
): Promise<Holder | undefined> => {
  const database = open<Holder, string>({ path: join(folder, lockFile), noSubdir: true })
  try {
    return database.transactionSync(() => {
      const found = database.get(key)
      const holder = next(found)
      if (holder) database.putSync(key, holder)
      else database.removeSync(key)
      return found
    })
  } finally {
    await database.close()
  }
}

const isRunning = (holder: Holder | undefined): holder is Holder =>
  holder !== undefined && identityOf(holder.pid) === holder.identity

/** Whether a Daybook runs on the folder. */
export const isHeld = async (folder: string): Promise<boolean> =>
  existsSync(join(folder, lockFile)) && isRunning(await exchange(folder, (holder) => holder))

/**
 * Takes the folder for this process. That of a process which was killed is taken over; that of a running one throws a
 * `StartError` which names it.
 */
export const lockFolder = async (folder: string): Promise<InstanceLock> => {
  const own: Holder = { pid: process.pid, identity: identityOf(process.pid) ?? '' }
  const found = await exchange(folder, (holder) => (isRunning(holder) ? holder : own))
  if (isRunning(found)) throw new StartError(`another Daybook (process ${found.pid}) is running on ${folder}`)
  return {
    async release() {
      await exchange(folder, (holder) => (holder && isSame(holder, own) ? undefined : holder))
    },
  }
}
