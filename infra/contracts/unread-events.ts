import { expect, onTestFinished, test } from 'vitest'
import type { StreamId } from '../../domain/event.ts'
import { UnreadableEvent } from '../../http/unreadable-event.ts'
import type { LogEvent } from '../../projections/unread.ts'
import { toText } from '../codec/event-codec.ts'
import { bytesOf } from '../codec/log-event.ts'
import type { StoreAndFeed } from './event-store.ts'
import { newerText } from './newer-events.ts'
import { idsOf, someEvent, someEvents, someStream } from './some-events.ts'

/** An empty store, and a way to put into it what another version of the program would. */
export type OpenedStrangeStore = {
  readonly store: StoreAndFeed
  write(stream: StreamId, texts: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** What every event store must do with an event that cannot be read. */
export const testUnreadEvents = (open: () => Promise<OpenedStrangeStore>): void => {
  test('an event that cannot be read comes with the others, and only its own stream cannot be asked for', async () => {
    const { store, write, close } = await open()
    onTestFinished(close)
    const [fine, strange] = [someStream(), someStream()]
    const [first, second, last] = [someEvent(), someEvent(), someEvent()]
    const texts = [toText(first), newerText(second), 'no event at all', toText(last)]
    await write(strange, texts)
    await store.append(fine, 'none', someEvents(2))

    const { events, position } = await store.readAll('0', 100)
    expect(position).toBe(await store.head())
    const places = events.map(({ stream, revision }) => `${stream} ${revision}`)
    expect(places).toEqual([0, 1, 2, 3].map((n) => `${strange} ${n}`).concat([0, 1].map((n) => `${fine} ${n}`)))
    expect(events.slice(0, 4).map((event) => bytesOf(event).toString())).toEqual(texts)
    expect(events[1]).toMatchObject({ id: second.id, unreadable: expect.stringContaining('version 2') })
    expect(events[2]).toMatchObject({ unreadable: 'not the text of an event' })

    // What is there already comes in another way than what follows.
    const followed: LogEvent[] = []
    const end = new AbortController()
    for await (const batch of store.subscribe('0', end.signal)) {
      followed.push(...batch.events)
      if (followed.length === 6) await write(strange, [newerText(someEvent())])
      if (followed.length === 7) end.abort()
    }
    expect(followed.slice(0, 6)).toEqual(events)
    expect(followed[6]).toMatchObject({ stream: strange, revision: 4, unreadable: expect.any(String) })

    expect(await store.streamFrom(strange, 1)).toEqual([...events.slice(1, 4), followed[6]])
    expect(idsOf(await store.readStream(strange, 0, 1))).toEqual([first.id])
    expect(idsOf(await store.readStream(strange, 3, 1))).toEqual([last.id])
    await expect(store.readStream(strange)).rejects.toThrow(UnreadableEvent)
    expect(await store.readStream(fine)).toHaveLength(2)
  })
}
