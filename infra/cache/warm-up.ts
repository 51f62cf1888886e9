/** Ids of what has been busiest of late, the busiest first, at most `limit`. */
export type HotMerchants = (limit: number) => Promise<readonly string[]>

export type WarmUpOptions = {
  /** How many are loaded; 1,000 when absent. */
  readonly limit?: number
  /** How many at a time; 16 when absent. */
  readonly atOnce?: number
  readonly signal: AbortSignal
  /** Hears what could not be loaded, or listed. */
  readonly onTrouble: (error: unknown) => void
}

/**
 * Loads what will be asked for soon, and says how many that were. To be begun beside everything else and not waited for.
 * It never rejects: what could not be loaded is loaded when it is asked for. Begins no more once the signal is aborted.
 */
export const warmUp = async (
  hot: HotMerchants,
  load: (id: string) => Promise<unknown>,
  { limit = 1_000, atOnce = 16, signal, onTrouble }: WarmUpOptions,
): Promise<number> => {
  let loaded = 0
  const ids = await hot(limit).catch((error: unknown) => {
    onTrouble(error)
    return []
  })
  const left = ids.slice(0, limit).values()
  // All share one iterator: each takes the next when it is done with its last.
  const loadNext = async (): Promise<void> => {
    for (const id of left) {
      if (signal.aborted) return
      await load(id).then(() => (loaded += 1), onTrouble)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, loadNext))
  return loaded
}
