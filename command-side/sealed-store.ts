import { type KeyStore } from '../personal/key-store.ts'
import { openedEvents } from '../personal/opening.ts'
import { sealedEvents } from '../personal/sealing.ts'
import type { EventStore } from './event-store.ts'

/**
 * The same store, to whom personal data is given and from whom it is read as it is, though the store has it sealed only.
 * What was forgotten is read as it is stored.
 */
export const sealedStore = (store: EventStore, keys: KeyStore): EventStore => ({
  ...store,
  append: async (stream, expected, events) => store.append(stream, expected, await sealedEvents(events, keys)),
  readStream: async (stream, from, limit) => openedEvents(await store.readStream(stream, from, limit), keys),
})
