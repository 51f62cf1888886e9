/** A key for the personal data of one transaction, and the number of its place in the store. 32 bytes. */
export type SlotKey = { readonly slot: number; readonly key: Uint8Array }

/** Reads keys. */
export type KeyReader = {
  /**
   * The keys in these slots; those that were destroyed are left out. Nobody may keep one: from a second after it was
   * destroyed a key must not count anywhere. Rejected with `KeyStoreUnavailable` for a slot that the store has never had,
   * which says that it is the wrong one or was not restored, and where it cannot be asked.
   */
  keysOf(slots: readonly number[]): Promise<ReadonlyMap<number, Uint8Array>>
}

/**
 * Where the keys of personal data are, apart from all that is sealed with them. What destroys a key makes everything
 * unreadable that was sealed with it, wherever that has gone meanwhile.
 */
export type KeyStore = KeyReader & {
  /**
   * A random key that nobody was given before, in whichever process. It is durable already: what is sealed with it may be
   * written at once. Rejected with `KeyStoreUnavailable`.
   */
  take(): SlotKey | Promise<SlotKey>
  /** Destroys keys for good; resolves when that is durable. Doing so again does nothing. Rejected like `keysOf`. */
  destroy(slots: readonly number[]): Promise<void>
  close(): Promise<void>
}
