import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { EventFeed } from '../../projections/event-feed.ts'
import { memoryLog } from '../../projections/testing/memory-log.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { describeEventFeed } from '../contracts/event-feed.ts'
import { feedLedger } from '../contracts/feed-ledger.ts'
import { someEvent, someStream } from '../contracts/some-events.ts'
import { kafkaFeed } from './feed.ts'
import { kafkaPublisher, partOf } from './publisher.ts'
import { type Brokers, openBrokers } from './testing/brokers.ts'
import { kafkaAvailable } from './testing/kafka-jars.ts'
import { relayed } from './testing/relayed.ts'
import { removeAll } from './testing/removal.ts'
import { runningKafka } from './testing/running-kafka.ts'
import { ensureTopic } from './topic.ts'

const parts = 7
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const patience = { timeout: 90_000, interval: 50 }
const some = (): string => randomBytes(6).toString('hex')

describe.skipIf(!(runningKafka() || (await kafkaAvailable())))('Kafka', () => {
  let brokers: Brokers
  const topics: string[] = []
  const groups: string[] = []
  beforeAll(async () => {
    brokers = await openBrokers(3)
  }, 240_000)
  afterAll(async () => {
    await removeAll(brokers, topics, groups)
    await brokers.stopAll()
  }, 240_000)

  /** A topic, a log that is published to it, and consumers of one group. */
  const open = async () => {
    const { connection } = brokers
    const topic = `test-${some()}`
    const groupId = `test-${some()}`
    topics.push(topic)
    groups.push(groupId)
    const settings = { topic, partitions: parts, replicationFactor: brokers.copies, retentionMs: 600_000 }
    await ensureTopic(connection, settings, quiet)
    const publisher = kafkaPublisher({ connection, topic, parts, logger: quiet })
    const recordsOf = relayed(parts)
    const log: RecordedEvent[] = []
    const streams = Array.from({ length: 60 }, someStream)
    const more = async (count = 300): Promise<readonly RecordedEvent[]> => {
      const events = Array.from({ length: count }, (_, n): RecordedEvent => {
        const place = { log: 0, revision: n, sequence: log.length + 1 + n }
        return { ...someEvent(), stream: streams[n % streams.length] ?? '', ...place }
      })
      log.push(...events)
      await publisher.publish(recordsOf(events))
      return events
    }
    const options = { connection, topic, parts, groupId, logger: quiet, logs: [memoryLog(log)] }
    const feed = (): EventFeed => kafkaFeed({ ...options, onTrouble: () => undefined })
    return { connection, topic, groupId, feed, more, log, close: () => publisher.close() }
  }

  describeEventFeed('the feed from Kafka', async () => {
    const { feed, more, close } = await open()
    return { feed: feed(), partOf: (stream) => partOf(stream, parts), events: await more(), more, close }
  })

  const expectWhole = (taken: readonly LogEvent[], log: readonly RecordedEvent[]): void => {
    expect(taken).toHaveLength(log.length)
    for (let part = 0; part < parts; part++) {
      const of = (events: readonly LogEvent[]) => events.filter(({ stream }) => partOf(stream, parts) === part)
      expect(of(taken)).toEqual(of(log))
    }
  }

  test('two consumers share the parts, and one has all when the other leaves', async () => {
    const { feed, more, log, close } = await open()
    const ledger = feedLedger()
    const got = [new Set<number>(), new Set<number>()] as const
    const ends = [new AbortController(), new AbortController()] as const
    const follow = (n: 0 | 1) =>
      ledger.follow(feed(), ends[n].signal, (batch) => batch.forEach(({ part }) => got[n].add(part)))
    const taken = (timeout: number): Promise<void> =>
      vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), { timeout, interval: 20 })
    await more()
    const first = follow(0)
    await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), patience)
    expect(got[0].size).toBe(parts)
    const askedBefore = ledger.asked
    const second = follow(1)
    await vi.waitFor(() => expect(ledger.asked).toBeGreaterThanOrEqual(askedBefore + 2), patience)
    await vi.waitFor(async () => {
      for (const each of got) each.clear()
      await more(100)
      await taken(2_000)
      for (const each of got) expect(each.size).toBeGreaterThan(0)
      expect(got[0].size + got[1].size).toBe(parts)
    }, patience)
    ends[0].abort()
    await first
    got[1].clear()
    await vi.waitFor(async () => {
      await more(100)
      await taken(2_000)
      expect(got[1].size).toBe(parts)
    }, patience)
    ends[1].abort()
    await second
    expectWhole(ledger.events, log)
    expect(ledger.holes).toBe(0)
    await close()
  }, 240_000)

  test('what a consumer had that was killed comes to the others', async () => {
    const { connection, topic, groupId, feed, more, log, close } = await open()
    const program = fileURLToPath(new URL('../../dist/infra/kafka/kill/consumer.js', import.meta.url))
    const args = [program, topic, String(parts), groupId]
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    child.stdin.end(`${JSON.stringify(connection)}\n`)
    const theirs = new Set<string>()
    createInterface({ input: child.stdout }).on('line', (line) => theirs.add(line.split(' ')[0] ?? ''))
    const ledger = feedLedger()
    const end = new AbortController()
    try {
      const following = ledger.follow(feed(), end.signal)
      await vi.waitFor(async () => {
        theirs.clear()
        await more(100)
        await vi.waitFor(() => expect(theirs.size).toBeGreaterThan(0), { timeout: 2_000 })
        expect(theirs.size).toBeLessThan(parts)
      }, patience)
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      await more(200)
      await vi.waitFor(() => expect(ledger.events).toHaveLength(log.length), patience)
      end.abort()
      await following
      expectWhole(ledger.events, log)
      expect(ledger.holes).toBe(0)
    } finally {
      child.kill('SIGKILL')
      end.abort()
      await close()
    }
  }, 240_000)
})
