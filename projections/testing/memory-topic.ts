import type { Outgoing, Publisher } from '../publisher.ts'
import { partOf } from './parted-feed.ts'
import { moment } from './pause.ts'
import type { Random } from './random.ts'

/** What brokers in memory have kept of one log, part by part. */
export type MemoryTopic = { readonly parts: readonly Outgoing[][] }

export const memoryTopic = (parts: number): MemoryTopic => ({ parts: Array.from({ length: parts }, () => []) })

/** How a publisher behaves. */
export type Behaviour = {
  /** How often a call fails, having kept any beginning of each part's records, or all of them. */
  readonly trouble: () => number
  /** How often a call says that it has kept what it has not. */
  readonly lies: number
  /** Told of each call; the process of one that is dead never gets an answer. */
  readonly onCall: (records: readonly Outgoing[]) => void
  readonly isDead: () => boolean
}

/** Publishes to a topic in memory. The parts get their records bit by bit, some of a call that failed only after it. */
export const troubledPublisher = (topic: MemoryTopic, random: Random, behaviour: Behaviour): Publisher => {
  const { trouble, lies, onCall, isDead } = behaviour
  let busy = false

  const append = async (part: number, records: readonly Outgoing[]): Promise<void> => {
    const left = [...records]
    while (left.length > 0) {
      await moment(random)
      if (isDead()) return
      topic.parts[part]?.push(...left.splice(0, 1 + random.below(20)))
    }
  }
  const send = async (records: readonly Outgoing[]): Promise<void> => {
    const fails = random.chance(trouble())
    const forgets = fails || random.chance(lies)
    const under = topic.parts.map((_, part) => {
      const mine = records.filter((record) => record.part === part)
      return append(part, forgets ? mine.slice(0, random.below(mine.length + 2)) : mine)
    })
    if (!(fails && random.chance(0.5))) await Promise.all(under)
    if (isDead()) await new Promise<never>(() => undefined)
    if (fails) throw new Error('the brokers have not confirmed it')
  }
  return {
    parts: topic.parts.length,
    partOf: (stream) => partOf(stream, topic.parts.length),
    publish: async (records) => {
      if (busy) throw new RangeError('one call at a time')
      busy = true
      onCall(records)
      await send(records).finally(() => {
        busy = false
      })
    },
  }
}
