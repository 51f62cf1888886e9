import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import type { Outgoing } from './publisher.ts'
import { runRelay } from './relay.ts'
import type { RelayLease } from './relay-lease.ts'
import type { RelayPace } from './relay-pace.ts'
import { type MemoryLease, memoryLease } from './testing/memory-lease.ts'
import { type MemoryTopic, memoryTopic, troubledPublisher } from './testing/memory-topic.ts'
import { partOf } from './testing/parted-feed.ts'
import { type Random, randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { restlessLog } from './testing/restless-log.ts'
import { faultsOf, toldIn } from './testing/topic-faults.ts'

const parts = 4
const hasty: RelayPace = {
  askMs: 4,
  renewMs: 2,
  unheardMs: 25,
  watermarkMs: 3,
  heartbeatMs: 12,
  firstPauseMs: 1,
  longestPauseMs: 4,
  graceMs: 4,
  roundLimit: 60,
}
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A log whose sequences have gaps, as those of an event store that counts bytes. */
const sparseLog = (seed: number, random: Random): readonly RecordedEvent[] => {
  let sequence = 0
  return randomLog(seed, 1_200, ['1042', '7', 'shop_a']).map((event) => {
    sequence += 1 + random.below(30)
    return { ...event, sequence }
  })
}

/** How relays do what they must not. */
type Fault = 'none' | 'confirmsWhatIsNot' | 'keepsWhatIsSent'

type Outcome = {
  readonly topic: MemoryTopic
  readonly log: readonly RecordedEvent[]
  readonly takeovers: number
  /** Calls of relays that had not the lease at that time. */
  readonly zombieCalls: number
  readonly kills: number
  readonly failures: number
}

type World = {
  readonly random: Random
  readonly lease: MemoryLease
  readonly topic: MemoryTopic
  readonly log: ReturnType<typeof restlessLog>
  readonly fault: Fault
  readonly trouble: () => number
  readonly onCall: (name: string, records: readonly Outgoing[]) => void
}

/** A relay in a process of its own, which can be killed or cut off from the lease. */
type Process = { kill(): void; cutOff(is: boolean): void; stop(): Promise<void> }

const startRelay = (name: string, world: World): Process => {
  const { random, lease, topic, log, fault, trouble, onCall } = world
  const stopped = new AbortController()
  let dead = false
  let cutOff = false
  let sent = 0
  const own = lease.of(name, () => dead || cutOff || random.chance(trouble() / 2))
  const eager: RelayLease = { ...own, keep: (log0, checkpoint) => own.keep(log0, Math.max(checkpoint, sent)) }
  const publisher = troubledPublisher(topic, random, {
    trouble,
    lies: fault === 'confirmsWhatIsNot' ? 0.05 : 0,
    onCall: (records) => onCall(name, records),
    isDead: () => dead,
  })
  const running = runRelay(
    {
      log: 0,
      reader: log.reader,
      publisher,
      lease: fault === 'keepsWhatIsSent' ? eager : own,
      logger: quiet,
      onProgress: (progress) => {
        sent = progress?.sent ?? 0
      },
      pace: hasty,
    },
    stopped.signal,
  )
  const stop = (): Promise<void> => {
    stopped.abort()
    return running
  }
  return {
    kill: () => {
      dead = true
      void stop()
    },
    cutOff: (is) => {
      cutOff = is
    },
    stop,
  }
}

/** Three relays of one log at whose lease, brokers, log and lives somebody meddles, until all is told in peace. */
const live = async (seed: number, fault: Fault = 'none'): Promise<Outcome> => {
  const random = randomFrom(seed)
  const events = sparseLog(seed, random)
  const topic = memoryTopic(parts)
  const lease = memoryLease()
  let peace = false
  const counts = { takeovers: 0, zombieCalls: 0, kills: 0 }
  let failures = 0
  const trouble = (): number => (peace ? 0 : 0.15)
  const log = restlessLog(events, random, () => {
    if (peace) return 0
    failures++
    return 0.01
  })
  let last: string | undefined
  const onCall = (name: string): void => {
    if (name !== lease.holder()) counts.zombieCalls++
    if (last !== undefined && last !== name) counts.takeovers++
    last = name
  }
  const world: World = { random, lease, topic, log, fault, trouble, onCall }
  let born = 0
  const start = (): Process => startRelay(`relay ${born++}`, world)
  const relays = [start(), start(), start()]

  while (log.length() < events.length) {
    log.grow(random.below(25))
    await sleep(1 + random.below(2))
    const at = random.below(relays.length)
    const relay = relays[at]
    switch (random.below(12)) {
      case 0:
        counts.kills++
        relay?.kill()
        relays[at] = start()
        lease.expire()
        break
      case 1:
        lease.expire()
        break
      case 2:
        relay?.cutOff(true)
        lease.expire()
        break
      case 3:
        relay?.cutOff(false)
        break
      case 4:
        lease.goBack(random.below(6))
        break
      default:
    }
  }
  peace = true
  for (const relay of relays) relay.cutOff(false)
  lease.expire()
  const head = events.at(-1)?.sequence ?? 0
  const deadline = performance.now() + 20_000
  while (toldIn(topic) < head && performance.now() < deadline) await sleep(2)
  await Promise.all(relays.map((relay) => relay.stop()))
  expect(toldIn(topic)).toBe(head)
  return { topic, log: events, ...counts, failures }
}

test.each(Array.from({ length: 25 }, (_, seed) => seed + 1))(
  'whatever happens to relays, no part has a hole, and each event once and in order (seed %i)',
  async (seed) => {
    const { topic, log, takeovers, zombieCalls, kills, failures } = await live(seed)
    expect(faultsOf(topic, log)).toEqual([])
    // Otherwise it has proved nothing.
    expect(Math.min(takeovers, kills, failures)).toBeGreaterThan(0)
    expect(zombieCalls).toBeGreaterThan(0)
    expect(topic.parts.flat().length).toBeGreaterThan(log.length)
  },
)

/** The first seed whose topic shows what is wrong; undefined for none. */
const firstSeedWith = async (fault: Fault, wanted: RegExp): Promise<number | undefined> => {
  for (let seed = 100; seed < 140; seed++) {
    const { topic, log } = await live(seed, fault)
    if (faultsOf(topic, log).some((each) => wanted.test(each))) return seed
  }
  return undefined
}

test('brokers that confirm what they have not kept would be seen', async () => {
  expect(await firstSeedWith('confirmsWhatIsNot', /a hole/)).toBeDefined()
})

test('a checkpoint that is ahead of what is confirmed would be seen', async () => {
  expect(await firstSeedWith('keepsWhatIsSent', /a hole/)).toBeDefined()
})

test('what is wrong with a topic is seen', () => {
  const stream = 'payment-pay_1'
  const log = randomLog(3, 60, ['1042'])
    .slice(0, 3)
    .map((event) => ({ ...event, stream }))
  const [one, two, three] = log
  if (one === undefined || two === undefined || three === undefined) throw new Error('a short log')
  const part = partOf(stream, 2)
  const faults = (...records: readonly (readonly [number, number, RecordedEvent?])[]): readonly string[] => {
    const topic = memoryTopic(2)
    for (const [after, upTo, event] of records)
      topic.parts[part]?.push({ log: 0, part, after, upTo, ...(event === undefined ? {} : { event }) })
    return faultsOf(topic, log).map((fault) => fault.replace(/^part \d: /, ''))
  }
  const incomplete = 'its events are not each there once, in order'
  expect(faults([0, 1, one], [1, 2, two], [2, 3, three], [3, 9])).toEqual([])
  expect(faults([0, 1, one], [1, 2, two], [0, 1, one], [1, 2, two], [2, 3, three])).toEqual([])
  expect(faults([0, 1, one], [2, 3, three])).toEqual(['a hole between 1 and (2, 3] event', incomplete])
  expect(faults([0, 1, one], [1, 2, two])).toEqual([incomplete])
  expect(faults([0, 1, one], [1, 3], [1, 2, two], [2, 3, three])).toEqual(['(1, 3] is not true', incomplete])
  expect(faults([0, 1, one], [1, 3, three])).toEqual(['(1, 3] event is not true', incomplete])
  expect(faults([0, 2, two], [0, 1, one], [2, 3, three])).toEqual(['(0, 2] event is not true', incomplete])
})
