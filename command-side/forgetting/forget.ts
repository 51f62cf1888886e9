import type { Position } from '../../domain/position.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import type { ChangeMerchant } from '../merchants/change-merchant.ts'
import { refusal } from '../refusal.ts'
import { type Findings, findings } from './findings.ts'
import type { Forgotten, ToForget } from './requests.ts'
import { eventsOf, type Source } from './sources.ts'

export type ForgetTools = Source & {
  readonly keys: KeyStore
  readonly changeMerchant: ChangeMerchant
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** So many keys at most are remembered before they are destroyed. */
const portion = 50_000

/** Hears after each page how far the log has been read and what was found up to there. */
export type OnProgress = (position: Position, soFar: Forgotten) => void

/**
 * Forgets what is personal of a subject: finds its keys in the log, records that they are to be destroyed, and destroys
 * them, so that no key is destroyed without a record that counts it. After a crash in between the same again records once
 * more what is still there, and destroys it; where all is done it does nothing. Of a subject that has no transactions
 * nothing is recorded. Throws `signal`'s reason when it is aborted.
 */
export const forget = async (
  tools: ForgetTools,
  toForget: ToForget,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Forgotten> => {
  const found = findings(toForget, tools.keys)
  for await (const { events, position } of eventsOf(tools, toForget.merchantId, toForget.subject)) {
    signal.throwIfAborted()
    await found.add(events)
    if (found.alive().length >= portion) await destroyFound(tools, toForget, found)
    onProgress(position, found.total())
  }
  if (found.total().found > 0) await destroyFound(tools, toForget, found)
  return found.total()
}

const destroyFound = async (tools: ForgetTools, toForget: ToForget, found: Findings): Promise<void> => {
  if (found.waiting() > 0 || mustSaySo(toForget, found)) await record(tools, toForget, found.waiting())
  // Also for none: a store may have to finish what a crash interrupted.
  await tools.keys.destroy(found.alive())
  found.taken()
}

/** A customer of whom nothing was sealed has been forgotten as well, once. */
const mustSaySo = ({ subject }: ToForget, found: Findings): boolean =>
  subject.type === 'customer' && !found.isRecorded() && found.total().transactions === 0

const record = async (
  { changeMerchant, clock }: ForgetTools,
  toForget: ToForget,
  transactions: number,
): Promise<void> => {
  const now = new Date(clock()).toISOString()
  const { merchantId } = toForget
  const command = { type: 'forgetPersonalData', now, transactions, ...toForget } as const
  const changed = await changeMerchant(merchantId, { command, metadata: { cause: 'forget' } })
  if (changed.type === 'rejected') throw refusal(changed.rejection)
}
