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
  /** How many transactions these keys are of. */
  readonly waiting: () => number
  /** Whether a record says that the subject was to be forgotten. */
  readonly isRecorded: () => boolean
  readonly add: (events: readonly (RecordedEvent | Unreadable)[]) => Promise<void>
  readonly taken: () => void
}

/** Begins to look for what `toForget` is about. `keys` tells which are still there. */
export const findings = (toForget: ToForget, keys: KeyReader): Findings => {
  let [found, live, plain, waiting, unreadable] = [0, 0, 0, 0, 0]
  let isRecorded = false
  let alive: number[] = []
  const named: string[] = []
  /** The transaction of the event before: those of one follow each other, of however many it is. */
  let last = { name: '', isLive: false, isPlain: false }

  const addPlain = (): void => {
    if (last.isPlain) return
    last.isPlain = true
    plain += 1
    if (named.length < mostNamed) named.push(last.name)
  }
  const addAlive = (slots: readonly number[]): void => {
    alive.push(...new Set(slots))
    if (last.isLive) return
    last.isLive = true
    live += 1
    waiting += 1
  }
  const addEvent = (event: RecordedEvent, there: ReadonlyMap<number, Uint8Array>): void => {
    if (isRecordOf(event, toForget)) isRecorded = true
    if (!isOf(event, toForget)) return
    const name = (subjectOf(event) ?? '').replace(/^\w+-/, '')
    if (name !== last.name) {
      last = { name, isLive: false, isPlain: false }
      found += 1
    }
    if (hasPlain(event)) addPlain()
    const slots = slotsIn(event.data, membersOf(event.type)).filter((slot) => there.has(slot))
    if (slots.length > 0) addAlive(slots)
  }

  return {
    total: () => ({ found, transactions: live, plain: { count: plain, first: [...named] }, unreadable }),
    alive: () => alive,
    waiting: () => waiting,
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
      waiting = 0
    },
  }
}
