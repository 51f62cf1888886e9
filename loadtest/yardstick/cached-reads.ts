import autocannon from 'autocannon'
import { api } from '../crash/api.ts'
import type { Beside } from './figures.ts'
import { inTurns } from './in-turns.ts'
import type { NoopServer } from './noop-server.ts'

const connections = 64

/** Reads these again and again on 64 connections; how many were read. Throws when one fails. */
export const readAll = async (url: string, key: string, paths: readonly string[], seconds: number): Promise<number> => {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    headers: { authorization: `Bearer ${key}` },
    requests: paths.map((path) => ({ method: 'GET', path })),
  })
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx + result.errors} reads of a status failed`)
  return result['2xx']
}

/** Where the statuses of a merchant's last payments are. */
export const recentStatuses = async (url: string, key: string): Promise<string[]> => {
  const { data } = await api(url, key).get<{ data: { id: string }[] }>('/v1/payments?limit=500')
  return data.map(({ id }) => `/v1/payments/${id}`)
}

/**
 * Reads statuses of recent payments by their ids from Daybook's cache and the same from the no-op server, in turns of
 * `seconds`; the medians of requests a second.
 */
export const measureCachedReads = async (
  url: string,
  key: string,
  noop: NoopServer,
  seconds: number,
): Promise<Beside> => {
  const paths = await recentStatuses(url, key)
  await readAll(noop.url, key, paths, 1)
  await readAll(url, key, paths, 1)
  const perSecond = async (origin: string): Promise<number> => (await readAll(origin, key, paths, seconds)) / seconds
  return inTurns(
    () => perSecond(noop.url),
    () => perSecond(url),
  )
}
