import { StartError } from './start-error.ts'

const timeoutMs = 10_000

/** Why a command that asks a ledger over HTTP ends. */
export const nothingAnswers = (url: string): StartError =>
  new StartError(`nothing answers at ${url}: start Daybook there, or say where it is with --url`)

/** Throws a `StartError` for what is no URL, and where no ledger answers. */
export const reachLedger = async (url: string): Promise<void> => {
  if (!URL.canParse(url)) throw new StartError(`“${url}” is no URL`)
  await fetch(new URL('/health', url), { signal: AbortSignal.timeout(timeoutMs) }).catch(() => {
    throw nothingAnswers(url)
  })
}
