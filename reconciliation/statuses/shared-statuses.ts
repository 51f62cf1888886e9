/** A status as all instances share it. */
export type SharedStatus = {
  /** As it stands there, to be told from what comes after it. */
  readonly text: string
  /** What can be read of it; undefined where it says nothing, or what it says is no status. */
  readonly entry: SharedEntry | undefined
  /** Nothing stands there but a version that what is older must not replace. */
  readonly isNote: boolean
}

/** A payment or payout as it was at its revision `version`. */
export type SharedEntry = {
  readonly id: string
  readonly version: number
  readonly merchantId: string
  /** The resource's JSON text. */
  readonly document: string
}

/** The cache of statuses that all instances share. All calls reject where it cannot be asked now. */
export type SharedStatuses = {
  /** What stands there, by id; ids that nothing stands for are left out. */
  look(ids: readonly string[]): Promise<ReadonlyMap<string, SharedStatus>>
  /** Some ids that something stands for, from where `next` of a call before says; `next` is undefined at the end. */
  ids(from: string | undefined): Promise<{ readonly ids: readonly string[]; readonly next: string | undefined }>
  /** Leaves the version with nothing behind it, where this text still stands; false where it does not. */
  drop(id: string, text: string, version: number): Promise<boolean>
}
