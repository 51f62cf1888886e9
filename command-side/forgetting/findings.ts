import type { RecordedEvent } from '../../domain/event.ts'
import { membersOf, subjectOf } from '../../domain/personal-members.ts'
import type { KeyReader } from '../../personal/key-store.ts'
import { slotsIn } from '../../personal/opening.ts'
import { hasPlain } from '../../personal/sealing.ts'
import type { Forgotten, ToForget } from './requests.ts'
import type { Unreadable } from './sources.ts'

const mostNamed = 20

const isRead = (event: RecordedEvent | Unreadable): event is RecordedEvent => !('unreadable' in event)

const isOf = (event: RecordedEvent, { merchantId, subject: { type, id } }: ToForget): boolean => {
  if (membersOf(event.type).length === 0 || event.metadata.merchantId !== merchantId) return false
  if (type === 'customer') return event.type === 'PaymentAuthorizationRequested' && event.data.customerId === id
  return subjectOf(event) === `${type}-${id}`
}

const isRecordOf = (event: RecordedEvent, { merchantId, subject }: ToForget): boolean =>
  event.type === 'PersonalDataForgotten' &&
  event.data.merchantId === merchantId &&
  event.data.subject.type === subject.type &&
  event.data.subject.id === subject.id

/** What was found of a subject in events, in the order of the log. */
export type Findings = {
  /** Of everything so far. */
  readonly total: () => Forgotten
  /** Keys that are still there, found since the last `taken`. */
  readonly alive: () => readonly number[]
  /** How many transactions have one, of which no record says that they were to be forgotten. */
  readonly unrecorded: () => number
  /** Whether a record says that the subject was to be forgotten. */
  readonly isRecorded: () => boolean
  readonly add: (events: readonly (RecordedEvent | Unreadable)[]) => Promise<void>
  readonly taken: () => void
}

/** Begins to look for what `toForget` is about. `keys` tells which are still there. */
export const findings = (toForget: ToForget, keys: KeyReader): Findings => {
  const found = new Set<string>()
  const live = new Set<string>()
  const plain = new Set<string>()
  let [unreadable, isRecorded] = [0, false]
  let alive: number[] = []
  let unrecorded = new Set<string>()

  const addEvent = (event: RecordedEvent, there: ReadonlyMap<number, Uint8Array>): void => {
    if (isRecordOf(event, toForget)) {
      isRecorded = true
      unrecorded = new Set()
    }
    if (!isOf(event, toForget)) return
    const name = (subjectOf(event) ?? '').replace(/^\w+-/, '')
    found.add(name)
    if (hasPlain(event)) plain.add(name)
    const slots = slotsIn(event.data, membersOf(event.type)).filter((slot) => there.has(slot))
    if (slots.length === 0) return
    alive.push(...new Set(slots))
    live.add(name)
    unrecorded.add(name)
  }

  return {
    total: () => ({
      found: found.size,
      transactions: live.size,
      plain: { count: plain.size, first: [...plain].slice(0, mostNamed) },
      unreadable,
    }),
    alive: () => alive,
    unrecorded: () => unrecorded.size,
    isRecorded: () => isRecorded,
    add: async (events) => {
      const read = events.filter(isRead)
      unreadable += events.length - read.length
      const theirs = read.filter((event) => isOf(event, toForget))
      const slots = theirs.flatMap(({ type, data }) => slotsIn(data, membersOf(type)))
      const there = await keys.keysOf([...new Set(slots)])
      for (const event of read) addEvent(event, there)
    },
    taken: () => {
      alive = []
      unrecorded = new Set()
    },
  }
}
