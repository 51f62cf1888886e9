import type { Position } from '../domain/position.ts'

/** A payment or payout as it is at its revision `version`. */
export type StatusEntry = {
  readonly id: string
  readonly version: number
  readonly merchantId: string
  /** Up to where the read model had come. */
  readonly position: Position
  /** The resource's JSON text. */
  readonly document: string
}

/** Told of what has changed once that is committed. It may lose entries, and must ignore one older than it has. */
export type StatusCache = { put(entries: readonly StatusEntry[]): void | Promise<void> }
