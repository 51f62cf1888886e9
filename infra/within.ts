/**
 * What the work comes to, or a rejection with what `silence` makes after `timeoutMs`. The work is not ended by that; what
 * comes of it later is dropped.
 */
export const within = <T>(timeoutMs: number, work: () => Promise<T>, silence: () => Error): Promise<T> =>
  new Promise((resolve, reject) => {
    const worked = work()
    // An abortable sleep would do the same, and make an error with its stack for each answer that comes in time.
    const timer = setTimeout(() => reject(silence()), timeoutMs)
    const answered =
      <A>(end: (answer: A) => void) =>
      (answer: A): void => {
        clearTimeout(timer)
        end(answer)
      }
    worked.then(answered(resolve), answered(reject))
  })
