/** Runs what is given under one name one after another, and different names side by side. */
export type InTurn = <T>(name: string, work: () => Promise<T> | T) => Promise<T>

/** Queues in this process. They spare retries; what keeps streams right is the expected revision. */
export const inTurn = (): InTurn => {
  const nobody = Promise.resolve()
  const tails = new Map<string, Promise<unknown>>()
  return (name, work) => {
    const result = (tails.get(name) ?? nobody).then(work, work)
    const leave = (): void => {
      if (tails.get(name) === result) tails.delete(name)
    }
    tails.set(name, result)
    result.then(leave, leave)
    return result
  }
}
