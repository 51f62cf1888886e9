import { house, type Role } from '../../domain/merchant/role.ts'
import type { EventStore } from '../event-store.ts'
import { type Changed, type ChangeMerchant, createChangeMerchant } from './change-merchant.ts'
import { createMerchantStates } from './merchant-states.ts'

/** A key to be known from now on. Of the token only `keyId` and the SHA-256 of its secret are given and kept. */
export type KeyToIssue = {
  /** `house` for the keys of finance, auditors and operators. */
  readonly merchantId: string
  readonly role: Role
  readonly keyId: string
  readonly hash: string
  /** ISO 8601, UTC, milliseconds. */
  readonly now: string
}

/** Issues a key of a merchant that is there. */
export const issueKeyOf = (change: ChangeMerchant, { merchantId, ...key }: KeyToIssue): Promise<Changed> =>
  change(merchantId, { command: { type: 'issueKey', ...key }, metadata: {} })

/** Registers a merchant under its id, or the house under its name, unless it is there already. */
export const registerIfUnknown = async (change: ChangeMerchant, merchantId: string, now: string): Promise<void> => {
  const name = merchantId === house ? 'Daybook' : merchantId
  await change(merchantId, { command: { type: 'registerMerchant', now, merchantId, name }, metadata: {} })
}

/**
 * Issues a key by whoever has the event store at hand, and registers its merchant when it is unknown. Rejected:
 * `roleNotAllowed` where the role is not the merchant's or the house's, `keyExists`.
 */
export const issueKey = async (store: EventStore, key: KeyToIssue): Promise<Changed> => {
  const change = createChangeMerchant(store, createMerchantStates(store, 1))
  await registerIfUnknown(change, key.merchantId, key.now)
  return issueKeyOf(change, key)
}
