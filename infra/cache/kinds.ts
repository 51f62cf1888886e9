/** A kind of thing that is cached: under which key all instances share it, and how long it may be believed. */
export type Kind = {
  readonly keyOf: (id: string) => string
  /** How long an instance believes what it has in its own memory. */
  readonly ownMs: number
  /** The same while the shared cache cannot be asked, so that what lies below is not asked by everybody every second. */
  readonly aloneMs: number
  /** How long all instances share it. */
  readonly sharedMs: number
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Everything that is cached beside the counters of `redis/rate-limiter.ts`. */
export const kinds = {
  /** A payment or payout, by its id; written by the projector. */
  status: { keyOf: (id) => `transaction:${id}:status`, ownMs: second, aloneMs: second, sharedMs: 5 * minute },
  /** A merchant's details and its credentials' hashes, by its id. */
  merchant: { keyOf: (id) => `merchant:${id}`, ownMs: second, aloneMs: 5 * second, sharedMs: 30 * minute },
  /** Whether a gateway takes payments, by its name. Believed no longer than what a merchant has set, for what it stops is money. */
  gatewayConfig: { keyOf: (name) => `gateway:config:${name}`, ownMs: second, aloneMs: 5 * second, sharedMs: hour },
  /** What a gateway takes of payments by a method, by `gateway:method`. */
  methodRules: {
    keyOf: (name) => `method:rules:${name}`,
    ownMs: second,
    aloneMs: 5 * second,
    sharedMs: 15 * minute,
  },
} as const satisfies Readonly<Record<string, Kind>>

export type KindName = keyof typeof kinds
/** Where something was looked for: this process's memory, what all instances share, or what both stand before. */
export type TierName = 'process' | 'redis' | 'source'
