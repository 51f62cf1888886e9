/** The right to change a projection's copies, until it is released or the process ends. */
export type HeldLock = {
  /** Aborted when it was lost: somebody else may have it. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** Gives the right to one at a time for each projection; undefined while somebody else has it. */
export type RebuildLock = (projection: string) => Promise<HeldLock | undefined>
