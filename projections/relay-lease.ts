/** How long a relay has its lease without renewing it. */
export const leaseMs = 5_000

/**
 * Who relays a log, one at a time, and up to which sequence all of it has been kept by the brokers. Not a lock: whoever
 * was paused for longer than the lease lasts may still be sending while the next one has begun, and a database that was
 * replaced by a lagging replica may have forgotten the last of what it was told, the holder or where the checkpoint was.
 * Either leads to records that are sent twice, and to nothing else (see `runRelay`). Each call ends, or rejects, within
 * seconds.
 */
export type RelayLease = {
  /** The log's checkpoint, 0 for a log that nobody has relayed; undefined while somebody else has the lease. */
  take(log: number): Promise<number | undefined>
  /**
   * Renews the lease and moves the checkpoint, never back. False when somebody else has had the lease since, or nobody
   * knows of it: then nothing is changed.
   */
  keep(log: number, checkpoint: number): Promise<boolean>
  /** Gives it to whoever wants it; does nothing when somebody else has it. */
  release(log: number): Promise<void>
}
