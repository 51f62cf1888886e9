import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { Outgoing } from '../../projections/publisher.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { feedLedger } from '../contracts/feed-ledger.ts'
import { someEvent, someStream } from '../contracts/some-events.ts'
import { OffsetGone } from './consumer.ts'
import { kafkaFeed } from './feed.ts'
import { kafkaPublisher, partOf } from './publisher.ts'
import { UnreadableRecord } from './record.ts'
import type { Broker } from './testing/broker.ts'
import { type Brokers, startBrokers } from './testing/brokers.ts'
import { kafkaAvailable } from './testing/kafka-jars.ts'
import { startProxy } from './testing/proxy.ts'
import { relayed } from './testing/relayed.ts'
import { runningKafka } from './testing/running-kafka.ts'
import { ensureTopic } from './topic.ts'

const parts = 12
/** `TEST_KAFKA_KILLS` of leaders. */
const kills = Number(process.env['TEST_KAFKA_KILLS'] ?? 1)
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const patience = { timeout: 120_000, interval: 50 }
/** How often the same records are published before a load gives up. */
const tries = 3
const some = (): string => randomBytes(6).toString('hex')
const streamOf = (part: number): string => {
  for (;;) {
    const stream = someStream()
    if (partOf(stream, parts) === part) return stream
  }
}

// Brokers that somebody else has started are not ours to kill.
describe.skipIf(runningKafka() || !(await kafkaAvailable()))('Kafka in failure', () => {
  let brokers: Brokers
  beforeAll(async () => {
    brokers = await startBrokers(3)
  }, 240_000)
  afterAll(() => brokers.stopAll(), 60_000)

  const open = async () => {
    const connection = { brokers: brokers.brokers, clientId: 'test', requestTimeoutMs: 4_000 }
    const topic = `test-${some()}`
    const settings = { topic, partitions: parts, replicationFactor: 3, retentionMs: 600_000 }
    await ensureTopic(connection, settings, quiet)
    const publisher = kafkaPublisher({ connection, topic, parts, logger: quiet })
    const recordsOf = relayed(parts)
    const log: RecordedEvent[] = []
    const streams = Array.from({ length: 80 }, (_, n) => streamOf(n % parts))
    /** What the log has more; not published yet. */
    const append = (count: number): readonly RecordedEvent[] => {
      const events = Array.from({ length: count }, (_, n): RecordedEvent => {
        const place = { log: 0, revision: n, sequence: log.length + 1 + n }
        return { ...someEvent(), stream: streams[n % streams.length] ?? '', ...place }
      })
      log.push(...events)
      return events
    }
    const publish = async (count: number): Promise<void> => publisher.publish(recordsOf(append(count)))
    /** As a relay does: what was not confirmed in time is published again. Gives how often that was. */
    const publishAgain = async (records: readonly Outgoing[]): Promise<number> => {
      for (let rejected = 0; ; rejected++) {
        try {
          await publisher.publish(records)
          return rejected
        } catch (error) {
          process.stdout.write(`rejected: ${String(error)}\n`)
          if (rejected + 1 === tries) throw error
        }
      }
    }
    /** Publishes without a pause until told to end; `end` gives how often that was rejected. */
    const load = () => {
      const state = { over: false, batches: 0, rejected: 0 }
      const done = (async () => {
        for (; !state.over; state.batches++) state.rejected += await publishAgain(recordsOf(append(240)))
      })()
      done.catch(() => undefined)
      /** Rejects as the load does where that has ended: there is nothing more to wait for. */
      const grown = (by: number): Promise<void> => {
        const before = state.batches
        const waiting = vi.waitFor(() => expect(state.batches).toBeGreaterThan(before + by), patience)
        return Promise.race([waiting, done.then(() => waiting)])
      }
      const end = async (): Promise<number> => {
        state.over = true
        await done
        return state.rejected
      }
      return { grown, end }
    }
    const troubles: Error[] = []
    const groupId = `test-${some()}`
    const feed = (of = connection) =>
      kafkaFeed({
        connection: of,
        topic,
        parts,
        groupId,
        logger: quiet,
        logs: [memoryLog(log)],
        onTrouble: (error) => troubles.push(error),
        patience: { silenceMs: 10_000 },
      })
    const expectWhole = (taken: readonly LogEvent[]): void => {
      expect(taken).toHaveLength(log.length)
      const ofPart = (events: readonly LogEvent[], part: number) =>
        events.flatMap(({ stream, sequence }) => (partOf(stream, parts) === part ? [sequence] : []))
      for (let part = 0; part < parts; part++) expect(ofPart(taken, part)).toEqual(ofPart(log, part))
    }
    const close = (): Promise<void> => publisher.close()
    return { connection, topic, settings, append, publish, load, feed, log, troubles, recordsOf, expectWhole, close }
  }
  const leader = async (topic: string): Promise<Broker> => {
    const node = await brokers.leaderOf(topic, 0)
    const found = brokers.each.find((each) => each.node === node)
    if (found === undefined) throw new Error('partition 0 has no leader')
    return found
  }

  test(`leaders that are killed (${kills}) take nothing with them that was confirmed, and reading goes on`, async () => {
    const { topic, load, feed, log, expectWhole, close } = await open()
    const live = feedLedger()
    const end = new AbortController()
    const following = live.follow(feed(), end.signal)
    const loading = load()
    for (let round = 0; round < kills; round++) {
      await brokers.waitInSync(topic)
      await brokers.waitInSync('__consumer_offsets')
      await loading.grown(5)
      const broker = await leader(topic)
      const killedAt = performance.now()
      await broker.kill()
      await loading.grown(2)
      process.stdout.write(`published again ${Math.round(performance.now() - killedAt)} ms after a leader was killed\n`)
      const published = log.length
      await vi.waitFor(() => expect(live.events.length).toBeGreaterThanOrEqual(published), patience)
      process.stdout.write(`read again ${Math.round(performance.now() - killedAt)} ms after it\n`)
      await broker.restart()
    }
    await brokers.waitInSync(topic)
    const rejected = await loading.end()
    await vi.waitFor(() => expect(live.events).toHaveLength(log.length), patience)
    end.abort()
    await following
    expectWhole(live.events)
    // The topic itself has it all: nothing had to be read from the log.
    expect(live.holes).toBe(0)
    process.stdout.write(
      `${log.length} events, ${live.errors.length} subscriptions that failed, ${rejected} batches rejected\n`,
    )
    await close()
  }, 600_000)

  test('a leader that is silent for a while, too', async () => {
    const { topic, load, feed, log, expectWhole, close } = await open()
    const live = feedLedger()
    const end = new AbortController()
    const following = live.follow(feed(), end.signal)
    const loading = load()
    for (let round = 0; round < 2; round++) {
      await brokers.waitInSync(topic)
      await loading.grown(3)
      const broker = await leader(topic)
      broker.freeze()
      try {
        // Once for so short that it leads on, once until another one leads.
        if (round === 0) await sleep(1_500)
        else await loading.grown(2)
      } finally {
        broker.thaw()
      }
      await loading.grown(2)
    }
    await brokers.waitInSync(topic)
    await loading.end()
    await vi.waitFor(() => expect(live.events).toHaveLength(log.length), patience)
    end.abort()
    await following
    expectWhole(live.events)
    expect(live.holes).toBe(0)
    await close()
  }, 400_000)

  test('who comes while the first broker of the list is silent gets in by another', async () => {
    const [first] = brokers.each
    if (first === undefined) throw new Error('there is no broker')
    // Somebody was there before, so that groups have their place.
    const before = await open()
    const earlier = feedLedger()
    const over = new AbortController()
    const gone = earlier.follow(before.feed(), over.signal)
    await before.publish(10)
    await vi.waitFor(() => expect(earlier.events).toHaveLength(10), patience)
    over.abort()
    await gone
    await before.close()
    const { connection, topic, settings, publish, feed, log, expectWhole, close } = await open()
    await brokers.waitInSync(topic)
    await brokers.waitInSync('__consumer_offsets')
    const live = feedLedger()
    const end = new AbortController()
    first.freeze()
    try {
      const began = performance.now()
      await ensureTopic(connection, settings, quiet)
      await publish(240)
      const following = live.follow(feed(), end.signal)
      await vi.waitFor(() => expect(live.events).toHaveLength(log.length), patience)
      process.stdout.write(`in after ${Math.round(performance.now() - began)} ms\n`)
      end.abort()
      await following
    } finally {
      first.thaw()
    }
    expectWhole(live.events)
    await close()
  }, 240_000)

  test('a consumer that is cut off loses its parts to another, and comes back', async () => {
    const { connection, publish, feed, log, expectWhole, close } = await open()
    const proxies = await Promise.all(brokers.each.map(({ ports }) => startProxy(ports.proxy, ports.behindProxy)))
    const through = { ...connection, brokers: brokers.each.map(({ ports }) => `127.0.0.1:${ports.proxy}`) }
    const ledger = feedLedger()
    const got = { far: new Set<number>(), near: new Set<number>() }
    const end = new AbortController()
    const following = [
      ledger.follow(feed(through), end.signal, (batch) => batch.forEach(({ part }) => got.far.add(part))),
      ledger.follow(feed(), end.signal, (batch) => batch.forEach(({ part }) => got.near.add(part))),
    ]
    const shared = (): Promise<void> =>
      vi.waitFor(async () => {
        for (const each of Object.values(got)) each.clear()
        await publish(100)
        await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), { timeout: 2_000 })
        expect(got.far.size).toBeGreaterThan(0)
        expect(got.near.size).toBeGreaterThan(0)
      }, patience)
    await shared()
    for (const proxy of proxies) proxy.cut()
    await publish(300)
    await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), patience)
    expect(got.near.size).toBe(parts)
    // Longer than it takes until the one that is cut off gives up.
    await vi.waitFor(() => expect(ledger.errors.length).toBeGreaterThan(0), patience)
    for (const proxy of proxies) proxy.mend()
    await shared()
    end.abort()
    await Promise.all(following)
    expectWhole(ledger.events)
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await close()
  }, 400_000)

  test('what was deleted before it was read is told of, and read from the log', async () => {
    const { topic, publish, feed, log, troubles, expectWhole, close } = await open()
    const first = feedLedger()
    const early = new AbortController()
    const following = first.follow(feed(), early.signal)
    await publish(400)
    await vi.waitFor(() => expect(first.events).toHaveLength(log.length), patience)
    early.abort()
    await following
    await publish(400)
    await brokers.ask(async (admin) => {
      const ends = await admin.fetchTopicOffsets(topic)
      const deleted = ends.map(({ partition, high }) => ({ partition, offset: String(Number(high) - 2) }))
      await admin.deleteTopicRecords({ topic, partitions: deleted })
    })
    const second = feedLedger(await first.seen())
    const end = new AbortController()
    const going = second.follow(feed(), end.signal)
    await vi.waitFor(() => expect(second.events.length).toBe(400), patience)
    end.abort()
    await going
    expectWhole([...first.events, ...second.events])
    expect(second.holes).toBe(parts)
    const gone = troubles.filter((error) => error instanceof OffsetGone)
    expect(new Set(gone.map(({ message }) => /partition \d+/.exec(message)?.[0])).size).toBe(parts)
    expect(gone[0]?.message).toMatch(/^offset \d+ of partition \d+ of test-\w+ is gone: reading goes on at \d+$/)
    await close()
  }, 240_000)

  test('a topic that is deleted and made again', async () => {
    const { connection, topic, settings, publish, append, recordsOf, feed, log, expectWhole, close } = await open()
    const ledger = feedLedger()
    const end = new AbortController()
    const following = ledger.follow(feed(), end.signal)
    await publish(400)
    await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), patience)
    await brokers.ask((admin) => admin.deleteTopics({ topics: [topic] }))
    // In the log, and never in a topic.
    recordsOf(append(100))
    await vi.waitFor(async () => {
      for (const topics of await brokers.askEach((admin) => admin.listTopics())) expect(topics).not.toContain(topic)
    }, patience)
    await ensureTopic(connection, settings, quiet)
    await publish(200)
    await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), patience)
    end.abort()
    await following
    expectWhole(ledger.events)
    expect(ledger.holes).toBeGreaterThan(0)
    await close()
  }, 400_000)

  test('records of somebody else are told of by their place, and stop nothing', async () => {
    const { connection, topic, publish, feed, log, troubles, expectWhole, close } = await open()
    await publish(100)
    const producer = new Kafka({
      ...connection,
      brokers: [...connection.brokers],
      logLevel: logLevel.NOTHING,
    }).producer({
      createPartitioner: () => () => 3,
    })
    await producer.connect()
    await producer.send({ topic, messages: [{ value: 'secret4242' }, { key: 'k', value: null }] })
    await producer.disconnect()
    await publish(100)
    const ledger = feedLedger()
    const end = new AbortController()
    const following = ledger.follow(feed(), end.signal)
    await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), patience)
    end.abort()
    await following
    expectWhole(ledger.events)
    expect(troubles.length).toBeGreaterThanOrEqual(2)
    for (const error of troubles) {
      expect(error).toBeInstanceOf(UnreadableRecord)
      expect(error.message).toContain(`of partition 3 of ${topic}`)
      expect(error.message).not.toContain('secret')
    }
    await close()
  }, 240_000)
})
