const known: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC/, 'the disk is full (No space left on device)'],
  [/EROFS|Read-only file system/, 'the folder is not writable (read-only file system)'],
  [/EACCES|EPERM|[Pp]ermission denied/, 'the folder is not writable (permission denied)'],
  [/Cannot allocate memory|could not map anonymous shared memory/, 'there is not enough memory'],
]

/** One line about what went wrong, from what a program or a file operation said; `otherwise` if that was nothing. */
export const explain = (problem: string, output: string, otherwise = 'no reason given'): string => {
  const reason = known.find(([pattern]) => pattern.test(output))?.[1]
  if (reason !== undefined) return `${problem}: ${reason}`
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const said = lines.findLast((line) => /\b(FATAL|PANIC|[Ee]rror):/.test(line)) ?? lines.at(-1) ?? otherwise
  return `${problem}: ${said.replace(/^.*?\b(FATAL|PANIC|[Ee]rror): +/, '')}`
}
