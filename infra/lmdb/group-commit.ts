import { EventStoreBusy } from '../../command-side/event-store.ts'

/** Bounds of a group and of what waits for one. */
export type Bounds = {
  readonly groupItems: number
  readonly groupBytes: number
  readonly queuedItems: number
  readonly queuedBytes: number
}

/** Commits a group. Calls `take` once, as late as it can, so that the group is whatever has come by then. */
export type Commit<Item, Result> = (take: () => readonly Item[]) => Promise<readonly Result[]>

export type GroupCommit<Item, Result> = {
  /** Settles with the item's group. Throws `EventStoreBusy` where too much waits already. */
  add(item: Item): Promise<Result>
  /** Resolves when nothing waits or is under way. */
  idle(): Promise<void>
}

type Waiting<Item, Result> = {
  readonly item: Item
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Natural batching: while one group is on its way to disk the next one gathers. A lone item waits for nobody, and
 * under load a group grows to what one flush can carry.
 */
export const groupCommit = <Item extends { readonly bytes: number }, Result>(
  commit: Commit<Item, Result>,
  bounds: Bounds,
): GroupCommit<Item, Result> => {
  const queue: Waiting<Item, Result>[] = []
  let queuedBytes = 0
  let running = false
  let lastRun = Promise.resolve()

  const takeGroup = (): Waiting<Item, Result>[] => {
    let count = 0
    let bytes = 0
    for (const { item } of queue) {
      if (count > 0 && (count === bounds.groupItems || bytes + item.bytes > bounds.groupBytes)) break
      count += 1
      bytes += item.bytes
    }
    queuedBytes -= bytes
    return queue.splice(0, count)
  }

  const commitGroup = async (): Promise<void> => {
    let group: Waiting<Item, Result>[] = []
    try {
      const results = await commit(() => {
        group = takeGroup()
        return group.map(({ item }) => item)
      })
      results.forEach((result, index) => group[index]?.resolve(result))
    } catch (error) {
      // A commit that could not even begin has taken nobody, and those who wait must hear of it.
      if (group.length === 0) group = takeGroup()
      for (const { reject } of group) reject(error)
    }
  }

  const run = async (): Promise<void> => {
    running = true
    while (queue.length > 0) await commitGroup()
    running = false
  }

  return {
    add: (item) => {
      if (queue.length >= bounds.queuedItems || (queuedBytes > 0 && queuedBytes + item.bytes > bounds.queuedBytes)) {
        throw new EventStoreBusy(`${queue.length} appends are waiting`)
      }
      return new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject })
        queuedBytes += item.bytes
        if (!running) lastRun = run()
      })
    },
    idle: () => lastRun,
  }
}
