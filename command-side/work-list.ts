/**
 * What the read models say is left to do. It may lag behind the log or name what is done already: whoever works
 * through it looks into the log first. Times are ISO 8601, UTC, milliseconds.
 */
export type WorkList = {
  /** Ids of payments with an operation at the gateway that was begun before `olderThan` and has no outcome, oldest first. */
  unresolvedPayments(olderThan: string, limit: number): Promise<readonly string[]>
  /** Ids of payments whose authorization lapsed at `now` or before, oldest first. */
  expiredPayments(now: string, limit: number): Promise<readonly string[]>
  /** Payouts that wait since before `olderThan` for a step that Daybook takes itself, oldest first. */
  openPayouts(olderThan: string, limit: number): Promise<readonly OpenPayout[]>
}

export type OpenPayout = { readonly payoutId: string; readonly merchantId: string }
