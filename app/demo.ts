import type { EventStore } from '../command-side/event-store.ts'
import { issueKey } from '../command-side/merchants/issue-key.ts'
import { demoKey } from '../infra/auth/keys.ts'

/** The merchant to try things with; there is none in production. */
export const demoMerchantId = '1042'

/** The demo merchant's key: the same at each start of one installation. */
export const demoMerchantKey = (secret: string) => demoKey(secret, demoMerchantId)

/** Registers the demo merchant with its key and gives the key's token; appends nothing where that is done already. */
export const registerDemoMerchant = async (store: EventStore, secret: string, now: Date): Promise<string> => {
  const { token, keyId, hash } = demoMerchantKey(secret)
  await issueKey(store, { merchantId: demoMerchantId, role: 'merchant', keyId, hash, now: now.toISOString() })
  return token
}
