import { statfsSync } from 'node:fs'
import { StartError, messageOf } from './start-error.ts'

const nearlyNothingBytes = 16 * 1024 * 1024

const isFull = (folder: string): boolean => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < nearlyNothingBytes
}

/** Why the log could not be written, in one line. */
export const diskFailure = (folder: string, error: Error): StartError =>
  new StartError(
    isFull(folder)
      ? `the disk of the data folder ${folder} is full: make room and start again, nothing that was answered is lost`
      : `the log in ${folder} cannot be written: ${messageOf(error)}`,
  )
