/** A reason why a command of the program cannot do its work; its message is the one line that people see. */
export class StartError extends Error {
  override name = 'StartError'
}

/** The code of a system call's error, such as EACCES. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** An error in one line. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
