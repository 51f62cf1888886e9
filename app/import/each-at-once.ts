/**
 * Takes items as they come and works on `concurrency` of them at once. The first failure aborts what is under way and is
 * thrown; once `stop` is aborted nothing new is begun.
 */
export const eachAtOnce = async <T>(
  items: AsyncGenerator<T, void, void>,
  concurrency: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
  stop: AbortSignal,
): Promise<void> => {
  const failed = new AbortController()
  let failure: unknown
  const worker = async (): Promise<void> => {
    try {
      while (!stop.aborted && !failed.signal.aborted) {
        const next = await items.next()
        if (next.done === true) return
        await work(next.value, failed.signal)
      }
    } catch (error) {
      if (!failed.signal.aborted) failure = error
      failed.abort()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  await items.return()
  if (failed.signal.aborted) throw failure
}
