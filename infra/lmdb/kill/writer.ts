import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExpectedRevision } from '../../../command-side/event-store.ts'
import type { NewEvent, StreamId } from '../../../domain/event.ts'
import { someEvent, someStream } from '../../contracts/some-events.ts'
import { openEventLog } from '../event-log.ts'

// Appends under load until it is killed, and prints what is acknowledged, a JSON array a line: the append's name, its
// stream, how many events it has and its position. An append that fails is tried again; the reason is printed.
// Arguments: the folder of the log, how many appends in flight.

const [path = '', inFlight = '64'] = process.argv.slice(2)
// So few streams in memory that they are settled all the time.
const log = openEventLog({ path, recentStreams: 200 })

const print = (...line: readonly unknown[]): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Events that carry the name of their append and its size, so that a part of one can be told. */
const eventsOf = (name: string, count: number): NewEvent[] =>
  Array.from({ length: count }, () => ({
    ...someEvent(randomInt(200) === 0 ? 'x'.repeat(randomInt(100_000)) : 'x'.repeat(randomInt(500))),
    metadata: { merchantId: '1042', key: name, cause: String(count) },
  }))

const append = async (stream: StreamId, expected: ExpectedRevision, count: number): Promise<ExpectedRevision> => {
  const name = randomUUID()
  const events = eventsOf(name, count)
  for (;;) {
    try {
      const result = await log.append(stream, expected, events)
      if (result.type === 'wrongRevision') return result.actual
      print(name, stream, count, Number(result.position))
      return result.revision
    } catch (error) {
      print('failed', error instanceof Error ? error.message : String(error))
      await sleep(20)
    }
  }
}

const client = async (): Promise<never> => {
  for (;;) {
    const stream = someStream()
    let revision = await append(stream, 'none', 1 + randomInt(3))
    for (let more = randomInt(4); more > 0; more--) revision = await append(stream, revision, 1 + randomInt(2))
    // A stream that everyone wants.
    await append('merchant-1042', await log.streamRevision('merchant-1042'), 1)
  }
}

await Promise.all(Array.from({ length: Number(inFlight) }, client))
