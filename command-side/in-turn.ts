/** Runs what is given under one name one after another, and different names side by side. */
export type InTurn = <T>(name: string, work: () => Promise<T>) => Promise<T>

/** Queues in this process. They spare retries; what keeps streams right is the expected revision. */
export const inTurn = (): InTurn => {
  const tails = new Map<string, Promise<unknown>>()
  return (name, work) => {
    const result = (tails.get(name) ?? Promise.resolve()).then(work)
    const tail = result.then(
      () => undefined,
      () => undefined,
    )
    tails.set(name, tail)
    void tail.then(() => {
      if (tails.get(name) === tail) tails.delete(name)
    })
    return result
  }
}
