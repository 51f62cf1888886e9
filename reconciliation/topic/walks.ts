import type { Offsets, TopicRecord } from './topic-reader.ts'

/** So many places are remembered: those of what is new and of a round, and of a page that is asked for again. */
const remembered = 64

/** Where the records of pages ended, so that those of the next one are read from there. */
export type Walks = {
  note(log: number, upTo: number, next: Offsets): void
  /** Where the records of the page end that ends at this sequence; undefined where that is not known. */
  endOf(log: number, upTo: number): Offsets | undefined
  /** Where those of the furthest pages of all logs end; undefined before the first. */
  last(): Offsets | undefined
  /** Whether a record comes after all that were compared of its log, and is of an event that was: then it is there again. */
  isAgain(record: Pick<TopicRecord, 'log' | 'part' | 'offset' | 'upTo'>): boolean
}

export const walks = (): Walks => {
  const places = new Map<string, Offsets>()
  const furthest = new Map<number, { readonly upTo: number; readonly next: Offsets }>()
  const keyOf = (log: number, upTo: number): string => `${log} ${upTo}`
  return {
    note: (log, upTo, next) => {
      places.delete(keyOf(log, upTo))
      places.set(keyOf(log, upTo), next)
      for (const [oldest] of places) {
        if (places.size <= remembered) break
        places.delete(oldest)
      }
      if (upTo >= (furthest.get(log)?.upTo ?? 0)) furthest.set(log, { upTo, next })
    },
    endOf: (log, upTo) => places.get(keyOf(log, upTo)),
    last: () => {
      const all = [...furthest.values()].map(({ next }) => next)
      const [first] = all
      if (first === undefined) return undefined
      return new Map(
        [...first.keys()].map((part) => [part, Math.min(...all.map((next) => next.get(part) ?? 0))] as const),
      )
    },
    isAgain: ({ log, part, offset, upTo }) => {
      const known = furthest.get(log)
      return known !== undefined && upTo <= known.upTo && offset >= (known.next.get(part) ?? 0)
    },
  }
}
