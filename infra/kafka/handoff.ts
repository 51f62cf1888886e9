/** A queue between one who puts and one who takes, which says when it is full. */
export type Handoff<T> = {
  /** Whether so much waits to be taken that no more should be put. */
  isFull(): boolean
  put(item: T, size: number): void
  /** Resolves when something was taken or the queue has ended. */
  taken(): Promise<void>
  /** Nothing more will come, and what waits is forgotten; with an error, that is what the taker gets. */
  end(error?: Error): void
  readonly ended: boolean
  /** What was put, in order, until the end; to be iterated over once. */
  items(): AsyncGenerator<T>
}

/** A queue for items of `limit` in size altogether: it is full once there are so many, so that any item finds room. */
export const handoff = <T>(limit: number): Handoff<T> => {
  const waiting: { readonly item: T; readonly size: number }[] = []
  let size = 0
  let ended = false
  let failure: Error | undefined
  let wakers: (() => void)[] = []
  const change = (): Promise<void> => new Promise((resolve) => wakers.push(resolve))
  const wake = (): void => {
    const all = wakers
    wakers = []
    for (const each of all) each()
  }
  return {
    isFull: () => size >= limit,
    put: (item, itemSize) => {
      if (ended) return
      waiting.push({ item, size: itemSize })
      size += itemSize
      wake()
    },
    taken: async () => {
      if (!ended) await change()
    },
    end: (error) => {
      if (ended) return
      ended = true
      failure = error
      waiting.length = 0
      size = 0
      wake()
    },
    get ended() {
      return ended
    },
    async *items() {
      while (!ended) {
        const next = waiting.shift()
        if (next === undefined) await change()
        else {
          size -= next.size
          wake()
          yield next.item
        }
      }
      if (failure !== undefined) throw failure
    },
  }
}
