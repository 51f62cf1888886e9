import { EventStoreBusy } from '../../command-side/event-store.ts'

/** How much may be on its way to the server at a time. */
export type Room = { readonly events: number; readonly bytes: number }

/** Does the work when there is room for what it sends, which it then takes until it is done; throws `EventStoreBusy`. */
export type Admit = <T>(size: Room, work: () => Promise<T>) => Promise<T>

/** What alone is larger than all the room is let in when nothing else is there. */
export const admission = (room: Room): Admit => {
  let events = 0
  let bytes = 0
  return async (size, work) => {
    if (events > 0 && (events + size.events > room.events || bytes + size.bytes > room.bytes)) {
      throw new EventStoreBusy(`${events} events of ${bytes} bytes are on their way`)
    }
    events += size.events
    bytes += size.bytes
    try {
      return await work()
    } finally {
      events -= size.events
      bytes -= size.bytes
    }
  }
}
