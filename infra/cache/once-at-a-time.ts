/** Work under way by name: who asks for the same meanwhile gets the same answer. */
export type OnceAtATime<T> = {
  run(name: string, work: () => Promise<T>): Promise<T>
  isUnderWay(name: string): boolean
  underWay(): number
}

export const onceAtATime = <T>(): OnceAtATime<T> => {
  const begun = new Map<string, Promise<T>>()
  return {
    run: (name, work) => {
      const known = begun.get(name)
      if (known !== undefined) return known
      const answer = work().finally(() => begun.delete(name))
      begun.set(name, answer)
      return answer
    },
    isUnderWay: (name) => begun.has(name),
    underWay: () => begun.size,
  }
}
