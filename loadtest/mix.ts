import { type Random, randomFrom, shuffled } from './random.ts'

// The standard mix, in shares of payments:
//
//   50 % UPI      captured at once
//   30 % cards    two of three captured at once, one held first (shops that ship, hotels, fuel)
//   20 % wallets  captured at once
//
// Of every ten cards that are held, seven are captured in full, one in part and then voided, one in part as its final
// capture, and one is voided. Refunds follow 4 % of all payments: three of four in full, one in part. So of a hundred
// commands about 87 are payments, 8 captures, 2 voids and 3 refunds; 4 % of what was captured is given back at least
// in part. Nothing is declined: all that is sent is to be accepted, so that whatever is not is an error.

/** What can follow a payment. */
export type FollowUp = {
  readonly kind: 'capture' | 'void' | 'refund'
  /** What goes between the braces of its body. */
  readonly fields: string
}

/** A payment to be made, and what becomes of it afterwards, in order. */
export type Plan = {
  readonly method: 'upi' | 'card' | 'wallet'
  /** What goes between the braces of its body. */
  readonly fields: string
  readonly followUps: readonly FollowUp[]
}

const methods = {
  upi: (n: number) => ({ type: 'upi', vpa: `customer${n}@okbank` }),
  card: (n: number) => ({
    type: 'card',
    token: `tok_${n}`,
    bin: '411111',
    last4: String(1_000 + (n % 9_000)),
    network: 'visa',
    funding: 'credit',
  }),
  wallet: (n: number) => ({ type: 'wallet', provider: ['paytm', 'phonepe', 'amazonpay'][n % 3], token: `wal_${n}` }),
} as const

const capture = (fields: string): FollowUp => ({ kind: 'capture', fields })
const refund = (amount?: number): FollowUp => ({
  kind: 'refund',
  fields: amount === undefined ? '"reason":"returned"' : `"amount":${amount},"reason":"damaged"`,
})
const voided: FollowUp = { kind: 'void', fields: '' }

/** What becomes of the `n`th card that is held. */
const afterHold = (n: number, amount: number): FollowUp[] => {
  const part = `"amount":${Math.ceil(amount / 2)}`
  switch (n % 10) {
    case 7:
      return [capture(part), voided]
    case 8:
      return [capture(`${part},"final":true`)]
    case 9:
      return [voided]
    default:
      return [capture('')]
  }
}

/** Minor units from 1.00 to 500.00, small ones as often as large ones. */
const amountOf = (random: Random): number => Math.round(100 * 500 ** random())

const plan = (n: number, method: Plan['method'], held: number | undefined, random: Random): Plan => {
  const amount = amountOf(random)
  const body = {
    amount,
    currency: 'INR',
    method: methods[method](n),
    ...(held === undefined ? {} : { capture: 'manual' }),
    customerId: `cus_${n}`,
    reference: `order ${n}`,
    metadata: { cart: String(n % 100) },
  }
  const before = held === undefined ? [] : afterHold(held, amount)
  const isVoided = before[0]?.kind === 'void'
  // Every 25th, at another place of each ten.
  const tens = Math.floor(n / 10)
  const isRefunded = (n + tens) % 25 === 0 && !isVoided
  const refunds = isRefunded ? [tens % 4 === 0 ? refund(Math.ceil(amount / 4)) : refund()] : []
  return { method, fields: JSON.stringify(body).slice(1, -1), followUps: [...before, ...refunds] }
}

/** How many payments have the exact shares. */
export const cycle = 3_000

/** A cycle of payments with the shares of the standard mix, in an order that the seed decides. */
export const standardMix = (seed: number): readonly Plan[] => {
  const random = randomFrom(seed)
  const plans = Array.from({ length: cycle }, (_, n) => {
    // Within each ten: five UPI, three cards of which one is held, two wallets.
    const place = n % 10
    const tens = Math.floor(n / 10)
    if (place < 5) return plan(n, 'upi', undefined, random)
    if (place < 8) return plan(n, 'card', place === 7 ? tens : undefined, random)
    return plan(n, 'wallet', undefined, random)
  })
  return shuffled(plans, random)
}
