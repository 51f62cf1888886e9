import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RecordFile } from '../../proof/signing.ts'

/** The file of checkpoints as one process has it open to add to it. */
export type OpenRecordFile = RecordFile & {
  /** What stood in it when it was opened. */
  readonly lines: readonly string[]
  close(): Promise<void>
}

/** The lines of a file of checkpoints; what comes after the last line break was not finished and is left out. */
export const linesIn = (text: string): readonly string[] => text.split('\n').slice(0, -1)

const flushFolder = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const readAll = async (file: FileHandle): Promise<{ lines: readonly string[]; size: number }> => {
  const text = await file.readFile('utf8')
  const lines = linesIn(text)
  return { lines, size: lines.reduce((size, line) => size + Buffer.byteLength(line) + 1, 0) }
}

/**
 * Opens the file, making it and its folder where they are not there, and cuts off a line that a killed process did not
 * finish. Adding throws where somebody else has written to it meanwhile: there is one chain, and one who adds to it.
 */
export const openRecordFile = async (path: string): Promise<OpenRecordFile> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'a+', 0o600)
  const begun = await readAll(file)
  let { size } = begun
  if ((await file.stat()).size !== size) await file.truncate(size)
  await flushFolder(path)
  return {
    lines: begun.lines,
    add: async (line) => {
      const found = await file.stat()
      if (found.size !== size) throw new Error(`somebody else writes to ${path}`)
      await file.appendFile(`${line}\n`)
      await file.datasync()
      size += Buffer.byteLength(line) + 1
    },
    close: () => file.close(),
  }
}
