import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StartError, codeOf } from './start-error.ts'

/**
 * The installation's secret, 64 hex digits: made on first use, by one process only however many start at once, and
 * then the same for good. Only its owner can read it.
 */
export const readOrMakeSecret = async (folder: string): Promise<string> => {
  const path = join(folder, 'secret')
  const candidate = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const read = () => readFile(path, 'utf8')
  const text = await read().catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    await writeFile(candidate, randomBytes(32).toString('hex'), { mode: 0o600, flush: true })
    await link(candidate, path).catch((taken: unknown) => {
      if (codeOf(taken) !== 'EEXIST') throw taken
    })
    await rm(candidate, { force: true })
    return read()
  })
  const secret = text.trim()
  if (!/^[0-9a-f]{64}$/.test(secret)) throw new StartError(`${path} does not hold a secret: restore it from a backup`)
  return secret
}
