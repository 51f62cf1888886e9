/** How a relay takes its time. */
export type RelayPace = {
  /** How often somebody who stands by asks for the lease, on average. */
  readonly askMs: number
  /** How often the lease is renewed and the checkpoint moved; a few times before the lease is over. */
  readonly renewMs: number
  /** How long a relay goes on when nobody can tell it whether it still has the lease. */
  readonly unheardMs: number
  /** How long a part that has no events may be behind those that have some, unless it takes the brokers longer. */
  readonly watermarkMs: number
  /** How often all parts are told where they are when nothing happens. */
  readonly heartbeatMs: number
  /** The pauses after a failure: the first, doubled each time up to the longest. */
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** How long a relay that is told to stop waits for what it has sent to be confirmed. */
  readonly graceMs: number
  /** How many events at most are sent at once, and about how many are read ahead meanwhile. */
  readonly roundLimit: number
}

export const usualPace: RelayPace = {
  askMs: 1_000,
  renewMs: 1_000,
  // Longer than it takes to replace a database server: those who read from others need not wait for that.
  unheardMs: 60_000,
  watermarkMs: 400,
  heartbeatMs: 5_000,
  firstPauseMs: 100,
  longestPauseMs: 2_000,
  graceMs: 5_000,
  roundLimit: 5_000,
}
