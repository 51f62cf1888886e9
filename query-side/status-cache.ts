import type { Position } from '../domain/position.ts'

/** A payment or payout as it was at its revision `version`. */
export type CachedTransaction = {
  readonly id: string
  readonly version: number
  readonly merchantId: string
  /** Up to where the read model had come when this was read. */
  readonly position: Position
  /** The resource's JSON text. */
  readonly document: string
}

/** Payments and payouts lately changed or asked for. It may forget anything at any time. */
export type StatusCache = {
  get(id: string): CachedTransaction | undefined | Promise<CachedTransaction | undefined>
  /** Ignored where a later version is known. */
  put(entry: CachedTransaction): void | Promise<void>
}
