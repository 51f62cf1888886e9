import type { EventStore } from '../../event-store.ts'

/** The process dies at its `at`-th append (from 0), just before or just after that is stored; nothing works afterwards. */
export const dyingStore = (store: EventStore, at: number, moment: 'before' | 'after'): EventStore => {
  let appends = 0
  let dead = false
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (dead) throw new Error('killed')
    return work()
  }
  return {
    append: (stream, expected, events) =>
      alive(async () => {
        if (appends++ !== at) return store.append(stream, expected, events)
        dead = true
        if (moment === 'after') await store.append(stream, expected, events)
        throw new Error('killed')
      }),
    readStream: (stream, from, limit) => alive(() => store.readStream(stream, from, limit)),
    streamRevision: (stream) => alive(() => store.streamRevision(stream)),
    head: () => alive(() => store.head()),
  }
}
