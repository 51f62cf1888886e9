import type { Kind } from '../../domain/repair/difference.ts'
import { isUnread, type LogEvent } from '../../projections/unread.ts'
import { paymentRowAt, payoutRowAt } from '../tables/fold-to.ts'
import type { SharedStatus } from './shared-statuses.ts'

/** The kinds of streams whose statuses are shared, by the first letters of their resources' ids. */
export const statusPrefixes = ['payment-', 'payout-'] as const

/** The stream of a resource. */
export const streamOfId = (id: string): string => (id.startsWith('po_') ? `payout-${id}` : `payment-${id}`)

/**
 * How a status differs from its stream, which has come to `seen` where the read models are; undefined where it does not. One
 * that is missing differs from nothing, nor does one that has gone on with the stream.
 */
export const judgeStatus = (
  id: string,
  { entry, isNote }: SharedStatus,
  events: readonly LogEvent[],
  seen: number,
): Kind | undefined => {
  if (isNote) return undefined
  if (entry === undefined) return 'altered'
  if (entry.id !== id) return 'doubled'
  const last = events.at(-1)
  if (last === undefined || entry.version > last.revision) return 'ahead'
  if (events.some((event) => isUnread(event) && event.revision <= entry.version)) return undefined
  const row = id.startsWith('po_') ? payoutRowAt(events, entry.version) : paymentRowAt(events, entry.version)
  if (row === undefined) return undefined
  const isSame = row.document === entry.document && row.merchantId === entry.merchantId
  return isSame && entry.version >= seen ? undefined : 'altered'
}
