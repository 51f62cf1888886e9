/** Does the work, so many at once; rejects with the first failure once nothing is under way any more. */
export const inLanes = async (lanes: number, work: readonly (() => Promise<unknown>)[]): Promise<void> => {
  const waiting = work.values()
  let failed = false
  const lane = async (): Promise<void> => {
    for (const each of waiting) {
      if (failed) return
      try {
        await each()
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane))
  for (const each of ended) if (each.status === 'rejected') throw each.reason
}
