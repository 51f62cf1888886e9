import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ANY,
  EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  START,
  STREAM_EXISTS,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toJson } from '../../codec/event-codec.ts'
import { idsOf, someEvents, someStream } from '../../contracts/some-events.ts'
import { startTestServer, type TestServer } from './test-server.ts'

// What the drivers' tests need the server to do as a real one does, though the driver does not use it.

let folder = ''
let server: TestServer
let client: EventStoreDBClient

const start = async (): Promise<void> => {
  server = await startTestServer(folder)
  client = EventStoreDBClient.connectionString(server.connectionString)
}
const stop = async (): Promise<void> => {
  await client.dispose()
  await server.stop()
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-server-'))
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true, force: true })
})

const proposed = (events: ReturnType<typeof someEvents>) =>
  events.map((event) => jsonEvent({ id: event.id, type: event.type, data: toJson(event) as never }))

const idsIn = async (stream: string): Promise<string[]> => {
  const ids: string[] = []
  for await (const { event } of client.readStream(stream)) ids.push(event?.id ?? '')
  return ids
}

test('an append to any revision that is repeated is known as long as the server lives, and no longer', async () => {
  const [stream, events] = [someStream(), someEvents(2)]
  const append = () => client.appendToStream(stream, proposed(events), { expectedRevision: ANY })
  const first = await append()
  expect((await append()).position).toEqual(first.position)
  expect(await idsIn(stream)).toEqual(idsOf(events))
  await stop()
  await start()
  await append()
  expect(await idsIn(stream)).toEqual([...idsOf(events), ...idsOf(events)])
})

test('an append to a stream that has to be there is refused where it is not', async () => {
  const append = client.appendToStream(someStream(), proposed(someEvents(1)), { expectedRevision: STREAM_EXISTS })
  await expect(append).rejects.toThrow(WrongExpectedVersionError)
})

test('a subscription to a stream brings what comes after its revision, and of no other stream', async () => {
  const [stream, other] = [someStream(), someStream()]
  const [before, later] = [someEvents(3), someEvents(2)]
  await client.appendToStream(stream, proposed(before))
  const [all, after]: [string[], string[]] = [[], []]
  const following = client
    .subscribeToStream(stream, { fromRevision: START })
    .on('data', ({ event }) => all.push(event?.id ?? ''))
  const followingLate = client
    .subscribeToStream(stream, { fromRevision: 1n })
    .on('data', ({ event }) => after.push(event?.id ?? ''))
  await client.appendToStream(other, proposed(someEvents(2)))
  await client.appendToStream(stream, proposed(later))
  await expect.poll(() => all).toEqual(idsOf([...before, ...later]))
  await expect.poll(() => after).toEqual(idsOf([...before.slice(2), ...later]))
  await following.unsubscribe()
  await followingLate.unsubscribe()
})

test('a filtered subscription to everything is told how far it is while nothing matches', async () => {
  const [stream, wanted] = [someStream(), someStream()]
  await client.appendToStream(stream, proposed(someEvents(100)))
  await client.appendToStream(wanted, proposed(someEvents(1)))
  const reached: bigint[] = []
  const streams: string[] = []
  const filter = streamNameFilter({
    prefixes: [wanted],
    checkpointInterval: 1,
    checkpointReached: async (_, { commit }) => void reached.push(commit),
  })
  const following = client
    .subscribeToAll({ fromPosition: START, filter })
    .on('data', ({ event }) => streams.push(event?.streamId ?? ''))
  await expect.poll(() => streams).toEqual([wanted])
  expect(reached).toHaveLength(3)
  expect(reached).toEqual(reached.toSorted((one, other) => Number(one - other)))
  await following.unsubscribe()
})

test('a filter by type takes a pattern', async () => {
  const [stream, events] = [someStream(), someEvents(3)]
  await client.appendToStream(stream, proposed(events))
  const [some, none]: [string[], string[]] = [[], []]
  const type = events[0]?.type ?? ''
  const follow = (regex: string, into: string[]) =>
    client
      .subscribeToAll({ fromPosition: START, filter: eventTypeFilter({ regex }) })
      .on('data', ({ event }) => into.push(event?.id ?? ''))
  const following = [follow(`^${type.slice(0, 5)}`, some), follow('^Nothing', none)]
  await expect.poll(() => some).toEqual(idsOf(events))
  expect(none).toEqual([])
  for (const each of following) await each.unsubscribe()
})
