/** Ids whose entries are not to be believed where they are older than a version, and of which nobody could be told yet. */
export type Forgotten = {
  add(id: string, version: number): void
  /** This version stands there, or a later one. */
  remove(id: string, version: number): void
  has(id: string): boolean
  end(): void
}

const most = 200_000
const atOnce = 128
const everyMs = 500

/** Tries again every half second until all are gone. Of more than 200,000 the first are let go: their time ends them. */
export const forgetLater = (forget: (id: string, version: number) => Promise<unknown>): Forgotten => {
  const versions = new Map<string, number>()

  const round = async (): Promise<void> => {
    const some = [...versions].slice(0, atOnce)
    const results = await Promise.allSettled(some.map(([id, version]) => forget(id, version)))
    for (const [index, { status }] of results.entries()) {
      const [id, version] = some[index] ?? []
      // It may have become another one meanwhile.
      if (status === 'fulfilled' && id !== undefined && versions.get(id) === version) versions.delete(id)
    }
    if (versions.size > 0 && results.every(({ status }) => status === 'fulfilled')) await round()
  }
  let running = false
  const timer = setInterval(() => {
    if (running || versions.size === 0) return
    running = true
    void round().finally(() => (running = false))
  }, everyMs)
  timer.unref()

  return {
    add: (id, version) => {
      const known = versions.get(id)
      if (known !== undefined && known >= version) return
      const [first] = versions.keys()
      if (versions.size >= most && first !== undefined) versions.delete(first)
      versions.set(id, version)
    },
    remove: (id, version) => {
      if ((versions.get(id) ?? Infinity) <= version) versions.delete(id)
    },
    has: (id) => versions.has(id),
    end: () => clearInterval(timer),
  }
}
