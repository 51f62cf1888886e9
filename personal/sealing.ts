import type { NewEvent } from '../domain/event.ts'
import { isSealed, textAt, withTexts } from '../domain/personal.ts'
import { membersOf, subjectOf } from '../domain/personal-members.ts'
import type { KeyStore, SlotKey } from './key-store.ts'
import { seal } from './sealed-text.ts'

/** Whether anything personal in an event is not sealed. */
export const hasPlain = ({ type, data }: NewEvent): boolean =>
  membersOf(type).some((member) => {
    const text = textAt(data, member)
    return text !== undefined && !isSealed(text)
  })

const sealedEvent = (event: NewEvent, key: SlotKey): NewEvent => {
  const subject = subjectOf(event)
  if (subject === undefined) throw new Error(`${event.type} has personal data of nobody's`)
  const sealIt = (text: string, pointer: string): string =>
    isSealed(text) ? text : seal(key, `${subject}${pointer}`, text)
  return { ...event, data: withTexts(event.data, membersOf(event.type), sealIt) } as NewEvent
}

/**
 * The events with what is personal in them sealed, each under a key of its own; those without are the very same. What is
 * sealed already stays as it is: it was forgotten, or it would have been opened.
 */
export const sealedEvents = async (
  events: readonly NewEvent[],
  keys: Pick<KeyStore, 'take'>,
): Promise<readonly NewEvent[]> => {
  if (!events.some(hasPlain)) return events
  const sealed: NewEvent[] = []
  for (const event of events) sealed.push(hasPlain(event) ? sealedEvent(event, await keys.take()) : event)
  return sealed
}
