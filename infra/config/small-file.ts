import { readFileSync, statSync } from 'node:fs'

const mostBytes = 1_048_576

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'for a reason unknown'

/**
 * The text of a file of at most a mebibyte. Throws a `RangeError` that says what is wrong with it, and nothing of what is
 * in it.
 */
export const readSmallFile = (path: string): string => {
  try {
    const stat = statSync(path)
    if (!stat.isFile()) throw new RangeError('is no file')
    if (stat.size > mostBytes) throw new RangeError('is longer than a mebibyte')
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw error instanceof RangeError ? error : new RangeError(`cannot be read (${reasonOf(error)})`)
  }
}
