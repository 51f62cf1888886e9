import { setTimeout as sleep } from 'node:timers/promises'
import { paymentStream, type RecordedEvent } from '../../domain/event.ts'
import type { Api } from '../crash/api.ts'

/** So many payments are looked at. */
const most = 60
/** Longer than an instance believes its own memory. */
const forgottenMs = 1_100

type Shown = { readonly revision: number }

/**
 * Payments that are shown otherwise by their id than the log has them, by whatever cache answers; `query` is what is asked
 * for with each. For when the projections have everything and nothing is written any more.
 */
export const statusFaults = async (
  system: Api,
  log: readonly RecordedEvent[],
  paymentIds: readonly string[],
  query: string,
): Promise<string[]> => {
  const revisions = new Map(log.map(({ stream, revision }) => [stream, revision]))
  await sleep(forgottenMs)
  const shown = paymentIds.slice(-most).map(async (id): Promise<readonly string[]> => {
    const { revision } = await system.get<Shown>(`/v1/payments/${id}${query}`)
    const last = revisions.get(paymentStream(id))
    return revision === last ? [] : [`${id} is shown as of revision ${revision} and has ${last ?? 'none'}`]
  })
  return (await Promise.all(shown)).flat()
}
