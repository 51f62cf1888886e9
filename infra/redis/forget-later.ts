/** Ids whose entries have to go, and could not go yet. */
export type Forgotten = {
  add(id: string): void
  /** Nothing old stands there any more. */
  remove(id: string): void
  has(id: string): boolean
  end(): void
}

const most = 200_000
const atOnce = 128
const everyMs = 500

/** Tries again every half second until all are gone. Of more than 200,000 the first are let go: their time ends them. */
export const forgetLater = (forget: (id: string) => Promise<unknown>): Forgotten => {
  const ids = new Set<string>()

  const round = async (): Promise<void> => {
    const some = [...ids].slice(0, atOnce)
    const results = await Promise.allSettled(some.map(forget))
    for (const [index, { status }] of results.entries()) if (status === 'fulfilled') ids.delete(some[index] ?? '')
    if (ids.size > 0 && results.every(({ status }) => status === 'fulfilled')) await round()
  }
  let running = false
  const timer = setInterval(() => {
    if (running || ids.size === 0) return
    running = true
    void round().finally(() => (running = false))
  }, everyMs)
  timer.unref()

  return {
    add: (id) => {
      const [first] = ids
      if (ids.size >= most && first !== undefined) ids.delete(first)
      ids.add(id)
    },
    remove: (id) => void ids.delete(id),
    has: (id) => ids.has(id),
    end: () => clearInterval(timer),
  }
}
