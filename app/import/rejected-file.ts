import { type FileHandle, access, constants, open, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Rows that were refused, each with its reason, as a CSV file. */
export type RejectedFile = {
  readonly path: string
  add(fields: readonly string[], reason: string): Promise<void>
  close(): Promise<void>
}

const quoted = (field: string, delimiter: string): string =>
  /["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field

/** `payments.csv` and `payments.csv.zip` have `payments.rejected.csv` beside them, or here if that folder is not ours. */
const pathFor = async (imported: string): Promise<string> => {
  const name = `${basename(imported).replace(/(\.csv)?(\.zip)?$/i, '')}.rejected.csv`
  const folder = dirname(imported)
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
  return join(writable ? folder : '.', name)
}

/** The file for the refused rows of an import; made with the first of them, one of an earlier run is removed. */
export const rejectedFile = async (
  imported: string,
  header: readonly string[],
  delimiter: string,
): Promise<RejectedFile> => {
  const path = await pathFor(imported)
  await rm(path, { force: true })
  const line = (fields: readonly string[]) => `${fields.map((field) => quoted(field, delimiter)).join(delimiter)}\n`
  let file: FileHandle | undefined
  const append = async (fields: readonly string[], reason: string): Promise<void> => {
    if (!file) {
      file = await open(path, 'w')
      await file.appendFile(line([...header, 'reason']))
    }
    await file.appendFile(line([...fields, reason]))
  }
  let tail: Promise<void> = Promise.resolve()
  return {
    path,
    add(fields, reason) {
      tail = tail.then(() => append(fields, reason))
      return tail
    },
    async close() {
      await tail
      await file?.close()
    },
  }
}
