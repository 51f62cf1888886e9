import { setTimeout as sleep } from 'node:timers/promises'
import { paymentStream, type RecordedEvent } from '../../domain/event.ts'
import type { Api } from '../crash/api.ts'

/** So many payments are looked at. */
const most = 60
/** Longer than an instance believes its own memory. */
const forgottenMs = 1_100
/** The resolver may still append what became of a refund, between the look into the log and the one at the payment. */
const looks = 5

type Shown = { readonly revision: number }

const faultsNow = async (
  system: Api,
  log: readonly RecordedEvent[],
  paymentIds: readonly string[],
  queries: readonly string[],
): Promise<string[]> => {
  const revisions = new Map(log.map(({ stream, revision }) => [stream, revision]))
  await sleep(forgottenMs)
  const asked = paymentIds.slice(-most).flatMap((id) => queries.map((query) => ({ id, query })))
  const shown = asked.map(async ({ id, query }): Promise<readonly string[]> => {
    const { revision } = await system.get<Shown>(`/v1/payments/${id}${query}`)
    const last = revisions.get(paymentStream(id))
    return revision === last ? [] : [`${id} is shown as of revision ${revision} and has ${last ?? 'none'}`]
  })
  return (await Promise.all(shown)).flat()
}

/**
 * Payments that are shown otherwise by their id than the log has them, by whatever cache answers; each is asked for
 * with all `queries`. For when the projections have everything and no client writes any more. What differs is looked at
 * again: a status that a cache holds for minutes is no less old then.
 */
export const statusFaults = async (
  system: Api,
  ledger: { readOn(): Promise<readonly RecordedEvent[]> },
  paymentIds: readonly string[],
  queries: () => Promise<readonly string[]>,
): Promise<string[]> => {
  for (let look = 1; ; look++) {
    const faults = await faultsNow(system, await ledger.readOn(), paymentIds, await queries())
    if (faults.length === 0 || look === looks) return faults
  }
}
