import type { Bank, BankOutcome } from '../bank.ts'

/** How the bank behaves: answers, or stays silent after it did its part, or never hears of the first order. */
export type Script = 'sends' | 'fails' | 'sendsSilently' | 'failsSilently' | 'losesTheFirst'

/** A bank that remembers what it received: one outcome per reference, however often it is asked. */
export const scriptedBank = (script: Script): Bank & { readonly received: ReadonlyMap<string, BankOutcome> } => {
  const received = new Map<string, BankOutcome>()
  const lost = new Set<string>()
  const never = new Promise<never>(() => undefined)
  return {
    name: 'scripted',
    received,
    send: async ({ payoutId }) => {
      if (script === 'losesTheFirst' && !lost.has(payoutId)) {
        lost.add(payoutId)
        return never
      }
      const outcome = received.get(payoutId) ?? outcomeOf(script)
      received.set(payoutId, outcome)
      return script === 'sendsSilently' || script === 'failsSilently' ? never : outcome
    },
    lookup: async ({ payoutId }) => received.get(payoutId) ?? { type: 'notFound' },
  }
}

const outcomeOf = (script: Script): BankOutcome =>
  script === 'fails' || script === 'failsSilently'
    ? { type: 'failed', code: 'accountClosed', message: 'The account is closed' }
    : { type: 'sent', bankReference: 'ref' }
