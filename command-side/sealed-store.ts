import type { KeyStore } from '../personal/key-store.ts'
import { openedEvents } from '../personal/opening.ts'
import { hasPlain, sealedEvents } from '../personal/sealing.ts'
import type { EventStore } from './event-store.ts'

/**
 * The same store, to whom personal data is given and from whom it is read as it is, though the store has it sealed only.
 * What was forgotten is read as it is stored.
 */
export const sealedStore = (store: EventStore, keys: KeyStore): EventStore => ({
  ...store,
  // Most appends have nothing to seal, and need no promise for that.
  append: (stream, expected, events) =>
    events.some(hasPlain)
      ? sealedEvents(events, keys).then((sealed) => store.append(stream, expected, sealed))
      : store.append(stream, expected, events),
  readStream: async (stream, from, limit) => openedEvents(await store.readStream(stream, from, limit), keys),
})
