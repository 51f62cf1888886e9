import { readFile } from 'node:fs/promises'
import { codeOf } from '../start-error.ts'

/** The lines of a text; what stands behind the last line break is one too. */
export const linesOf = (text: string): readonly string[] => {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** The lines of a file of checkpoints, also one that was not finished; none where there is no file. */
export const readFileLines = async (path: string): Promise<readonly string[]> =>
  readFile(path, 'utf8').then(linesOf, (error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
