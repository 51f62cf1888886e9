/** What stands under a key: a text as of a version, or '' where nothing older than that version is to be believed. */
export type SharedEntry = { readonly version: number; readonly text: string }

/** A cache that all instances share. It may forget anything at any time, and never rejects. */
export type SharedTier = {
  /** `null` where there is nothing; undefined where it could not be asked in time. */
  get(key: string): Promise<SharedEntry | null | undefined>
  /** Puts the text there unless a later version is known. False where that could not be done in time. */
  put(key: string, entry: SharedEntry, ttlMs: number): Promise<boolean>
  /** From now on nothing older than `version` is found. False where that could not be done in time. */
  forgetOlder(key: string, version: number, ttlMs: number): Promise<boolean>
}
