import fc from 'fast-check'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { RecordedEvent } from '../domain/event.ts'
import { toText } from '../infra/codec/event-codec.ts'
import { newer, newerText, understood } from '../infra/contracts/newer-events.ts'
import { openEventLog } from '../infra/lmdb/event-log.ts'
import { writeTexts } from '../infra/lmdb/testing/write-texts.ts'
import type { EventFeed } from './event-feed.ts'
import type { LogReader } from './log-reader.ts'
import { partitionsOf } from './partitions.ts'
import type { StatusEntry } from './status-cache.ts'
import type { StreamReader } from './stream-reader.ts'
import { tailFeed } from './tail-feed.ts'
import { takeUpOnce } from './take-up.ts'
import { allProjections } from './testing/follow.ts'
import { expectModels, expectModelsOfParts } from './testing/expect-models.ts'
import { memoryLog } from './testing/memory-log.ts'
import { partedFeed } from './testing/parted-feed.ts'
import { randomFrom } from './testing/random.ts'
import { randomLog } from './testing/random-log.ts'
import { runFeed, runToHead } from './testing/run-to-head.ts'
import { newerFrom, noEvent, parkedIn, streamWith, without } from './testing/strange-events.ts'
import { startTestReadModels, type TestReadModels } from './testing/test-read-models.ts'
import type { LogEvent } from './unread.ts'

let models: TestReadModels

beforeAll(async () => {
  models = await startTestReadModels(3, 8)
})
afterAll(() => models.stop())
beforeEach(() => models.empty())

const log = randomLog(90, 500, ['1042', '7', 'shop_a'])
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** Goes through all that is parked once, as a program does when it starts; gives what caches are told. */
const takeUp = async (
  reader: StreamReader,
  feed: Pick<EventFeed, 'partOf'> = tailFeed(memoryLog(log)),
): Promise<readonly StatusEntry[]> => {
  const { server } = models
  const changed: StatusEntry[] = []
  const projections = allProjections()
  const statusCache = { put: (entries: readonly StatusEntry[]) => void changed.push(...entries) }
  const parts = { feed, log: reader, server, partitions: partitionsOf(server), projections, statusCache, logger: quiet }
  await takeUpOnce(parts, new AbortController().signal)
  return changed
}
const parked = () => parkedIn(models, 'projection, stream, sequence, reason, parked_at')

test('a log on disk: what this version has parked is taken up by one that understands it', async () => {
  const path = await mkdtemp(join(tmpdir(), 'daybook-log-'))
  const onDisk = openEventLog({ path })
  onTestFinished(async () => {
    await onDisk.close()
    await rm(path, { recursive: true })
  })
  // Between two appends.
  const half = log.findIndex(({ revision }, n) => n > 430 && revision === 0)
  const begun = log.slice(0, half)
  const types = ['PaymentCaptured', 'PayoutRequested', 'PayoutReserved'] as const
  const strange = new Set(types.map((type) => streamWith(begun, type)))
  const textOf = (event: RecordedEvent): string => (strange.has(event.stream) ? newerText(event) : toText(event))
  await writeTexts(
    path,
    begun.map((event) => [event.stream, textOf(event)]),
  )
  await runToHead(models.server, onDisk)
  await expectModels(models.server, without(begun, [...strange], 0))
  expect(await parked()).toHaveLength(9)

  const upgraded: LogReader & StreamReader = {
    ...onDisk,
    async *subscribe(from, signal) {
      for await (const { events, position } of onDisk.subscribe(from, signal))
        yield { events: events.map(understood), position }
    },
    streamFrom: async (stream, from) => (await onDisk.streamFrom(stream, from)).map(understood),
  }
  await writeTexts(
    path,
    log.slice(half).map((event) => [event.stream, newerText(event)]),
  )
  await takeUp(upgraded)
  expect(await parked()).toEqual([])
  await expectModelsOfParts(models.server, begun)
  await runToHead(models.server, upgraded)
  expect(await parked()).toEqual([])
  await expectModelsOfParts(models.server, log)
})

test('caches hear of what was taken up', async () => {
  const payment = streamWith(log, 'PaymentCaptured')
  await runToHead(models.server, memoryLog(newerFrom(log, [payment], 1)))
  const last = log.findLast(({ stream }) => stream === payment)
  expect(await takeUp(memoryLog(log))).toMatchObject([{ version: last?.revision, position: String(log.length) }])
  await expectModels(models.server, log)
})

test('one that can be read only so far stays parked there, with what is wrong now', async () => {
  const payment = log.find(({ revision, stream }) => revision === 4 && stream.startsWith('payment-'))?.stream ?? ''
  await runToHead(models.server, memoryLog(newerFrom(log, [payment], 1)))
  expect(await takeUp(memoryLog(newerFrom(log, [payment], 1)))).toEqual([])
  await expectModels(models.server, without(log, [payment], 1))
  await takeUp(memoryLog(newerFrom(log, [payment], 3)))
  await expectModels(models.server, without(log, [payment], 3))
  expect(await parkedIn(models, 'projection, revision, unreadable')).toMatchObject([
    { projection: 'journal', revision: 3, unreadable: true },
    { projection: 'payments', revision: 3, unreadable: true },
    { projection: 'periods', revision: 3, unreadable: true },
  ])
  // Now it is read, and makes no sense.
  const senseless = log.map((event) =>
    event.stream === payment && event.revision === 3
      ? ({ ...event, type: 'PaymentTeleported' } as unknown as LogEvent)
      : event,
  )
  await takeUp(memoryLog(senseless))
  await expectModels(models.server, without(log, [payment], 3))
  const row = { event_type: 'PaymentTeleported', unreadable: false }
  expect(await parkedIn(models, 'projection, event_type, reason, unreadable')).toMatchObject([
    { projection: 'journal', reason: 'PaymentTeleported is no known event', ...row },
    { projection: 'payments', reason: 'PaymentTeleported is no event of a payment', ...row },
    { projection: 'periods', reason: 'PaymentTeleported is no known event', ...row },
  ])
})

test('what was parked wherever it may be leaves nothing where it is not', async () => {
  const payment = streamWith(log, 'PaymentVoided')
  const strange = log.map((event) => (event.stream === payment && event.revision === 2 ? noEvent(event) : event))
  await runToHead(models.server, memoryLog(strange))
  await takeUp(memoryLog(log))
  expect(await parked()).toEqual([])
  await expectModels(models.server, log)
})

test('what is not in the log where it was parked stays as it is', async () => {
  await runToHead(models.server, memoryLog(newerFrom(log, [streamWith(log, 'PaymentCaptured')], 1)))
  const before = await parked()
  await takeUp(memoryLog([]))
  expect(await parked()).toEqual(before)
})

test('whatever could not be read, in whatever parts and whoever takes it up at once: it comes to a fold of the log', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(10_000),
      fc.constantFrom(0.01, 0.1, 0.6),
      fc.nat(log.length),
      fc.constantFrom(1, 4),
      async (seed, share, seen, parts) => {
        await models.empty()
        const random = randomFrom(seed)
        const strange = log.map((event): LogEvent => {
          if (!random.chance(share)) return event
          return random.chance(0.8) ? newer(event) : noEvent(event)
        })
        const mischief = { back: 0.02, loss: 0.05 }
        const before = partedFeed(strange.slice(0, seen), parts, random, mischief)
        await runFeed(models.server, before, String(seen))
        const after = partedFeed(log, parts, random, mischief)
        await Promise.all([
          takeUp(memoryLog(log), after),
          takeUp(memoryLog(log), after),
          runFeed(models.server, after, String(log.length)),
        ])
        expect(await parked()).toEqual([])
        await expectModelsOfParts(models.server, log)
      },
    ),
    { numRuns: 12 },
  )
}, 180_000)
