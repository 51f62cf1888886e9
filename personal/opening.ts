import type { DomainEvent } from '../domain/event.ts'
import { paymentStream, payoutStream } from '../domain/event.ts'
import { isSealed, type Member, shownResource, textAt, withTexts } from '../domain/personal.ts'
import { membersOf, resourceMembers, subjectOf } from '../domain/personal-members.ts'
import type { KeyReader } from './key-store.ts'
import { open, slotOf } from './sealed-text.ts'

/** An object with sealed members, and the transaction that they were sealed for. */
type Sealed = { readonly value: object; readonly members: readonly Member[]; readonly subject: string }

/** The slots of all keys that something was sealed with. */
export const slotsIn = (value: object, members: readonly Member[]): readonly number[] =>
  members.flatMap((member) => {
    const text = textAt(value, member) ?? ''
    return isSealed(text) ? [slotOf(text)] : []
  })

/** What is sealed is plain again, but for what was forgotten. All keys are asked for together; for none nobody is asked. */
const opened = async (all: readonly Sealed[], keys: KeyReader): Promise<readonly object[]> => {
  const slots = new Set(all.flatMap(({ value, members }) => slotsIn(value, members)))
  if (slots.size === 0) return all.map(({ value }) => value)
  const found = await keys.keysOf([...slots])
  return all.map(({ value, members, subject }) =>
    withTexts(value, members, (text, pointer) => {
      const key = isSealed(text) ? found.get(slotOf(text)) : undefined
      return key === undefined ? text : open(key, `${subject}${pointer}`, text)
    }),
  )
}

/** Events as they were before they were sealed; what was forgotten stays sealed. */
export const openedEvents = async <E extends DomainEvent>(
  events: readonly E[],
  keys: KeyReader,
): Promise<readonly E[]> => {
  if (!events.some(({ type }) => membersOf(type).length > 0)) return events
  const sealed = events.map((event) => ({
    value: event.data,
    members: membersOf(event.type),
    subject: subjectOf(event) ?? '',
  }))
  const data = await opened(sealed, keys)
  return events.map((event, index) => (event.data === data[index] ? event : ({ ...event, data: data[index] } as E)))
}

const streamOf = { payment: paymentStream, payout: payoutStream } as const

/** JSON texts of payments or payouts, sealed as projections keep them, as they may be shown. */
export const openedDocuments = async (
  kind: keyof typeof streamOf,
  documents: readonly string[],
  keys: KeyReader,
): Promise<readonly string[]> => {
  // A text without it has nothing sealed, and need not be taken apart. One that has it may have it for a label.
  const resources = documents.map((text) =>
    text.includes('"sealed:') ? (JSON.parse(text) as { id: string }) : undefined,
  )
  if (resources.every((resource) => resource === undefined)) return documents
  const members = resourceMembers[kind]
  const sealed = resources.map((resource) => ({
    value: resource ?? {},
    members,
    subject: resource === undefined ? '' : streamOf[kind](resource.id),
  }))
  const plain = await opened(sealed, keys)
  return documents.map((text, index) =>
    resources[index] === undefined ? text : JSON.stringify(shownResource(plain[index] ?? {}, members)),
  )
}
