import { nothingAnswers, reachLedger } from '../reach-ledger.ts'
import { StartError } from '../start-error.ts'

/** Asks a ledger that runs; the JSON of its answer. Throws a `StartError` that says what it was answered with instead. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>

const timeoutMs = 60_000

/** Throws a `StartError` where nothing answers. */
export const askLedger = async (url: string, key: string): Promise<Ask> => {
  await reachLedger(url)
  return async (method, path, body) => {
    const response = await fetch(new URL(path, url), {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw nothingAnswers(url)
    })
    const answer = (await response.json().catch(() => ({}))) as { readonly detail?: string }
    if (!response.ok) throw new StartError(`${response.status}: ${answer.detail ?? response.statusText}`)
    return answer
  }
}
