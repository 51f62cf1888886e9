import type { EventMetadata, NewEvent } from '../../domain/event.ts'
import { moneyFields } from './money-fields.ts'
import { UnreadableEvent } from './unreadable-event.ts'
import { currentVersion, type StoredData, upcast } from './upcast.ts'

type StoredEvent = {
  id: string
  type: string
  version: number
  recordedAt: string
  metadata: EventMetadata
  data: StoredData
}

const amountsOf = (type: string): readonly string[] => {
  const fields = moneyFields.get(type)
  if (fields === undefined) throw new UnreadableEvent(`an event of type ${type} is not known`)
  return fields
}

/**
 * The one JSON text of an event: an object of id, type, version, recordedAt, metadata and data, amounts as integers of
 * any length. Throws a `TypeError` for an amount that is no bigint.
 */
export const toText = (event: NewEvent): string => {
  const { id, type, version, recordedAt, metadata } = event
  const data: StoredData = { ...event.data }
  let large = ''
  for (const field of amountsOf(type)) {
    const amount = data[field]
    if (typeof amount !== 'bigint') throw new TypeError(`${field} of ${type} is not a bigint`)
    const number = Number(amount)
    const exact = Number.isSafeInteger(number)
    if (!exact) large += `,"${field}":${amount}`
    data[field] = exact ? number : undefined
  }
  const text = JSON.stringify({ id, type, version, recordedAt, metadata, data } satisfies StoredEvent)
  // JSON.stringify has no way to write what no number holds, so that goes in before the braces that close data and
  // event. Data is never empty without it: it names its merchant.
  return large === '' ? text : `${text.slice(0, -2)}${large}}}`
}

/** Makes the amounts in today's `data` bigints; false where one has lost digits to JSON's numbers. */
const restoreAmounts = (type: string, data: StoredData): boolean => {
  for (const field of amountsOf(type)) {
    const amount = data[field]
    if (typeof amount === 'number' && Number.isInteger(amount)) {
      if (!Number.isSafeInteger(amount)) return false
      data[field] = BigInt(amount)
    } else if (typeof amount === 'string' && /^-?\d+$/.test(amount)) data[field] = BigInt(amount)
    else throw new UnreadableEvent(`${field} of ${type} is not an integer`)
  }
  return true
}

const restored = (stored: StoredEvent): NewEvent | undefined => {
  const data = upcast(stored.type, stored.version, stored.data)
  if (!restoreAmounts(stored.type, data)) return undefined
  stored.version = currentVersion(stored.type)
  stored.data = data
  // The rest is as the types of the program that wrote it had it.
  return stored as unknown as NewEvent
}

const parsed = (text: string): StoredEvent => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UnreadableEvent('not the text of an event', { cause })
  }
}

/** Puts integers that a JSON number may not hold exactly into quotes; what is in quotes already is passed over. */
const quoteLongIntegers = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (token) => (token.startsWith('"') ? token : `"${token}"`))

/** The event of a text that `toText` made, upcast to today's version. Throws `UnreadableEvent`. */
export const fromText = (text: string): NewEvent => {
  const event = restored(parsed(text)) ?? restored(parsed(quoteLongIntegers(text)))
  if (event === undefined) throw new UnreadableEvent('not the text of an event')
  return event
}

/**
 * The data of an event of today's version whose amounts are JSON's numbers, as the HTTP API shows them. Throws
 * `UnreadableEvent` where a number is too large to be exact.
 */
export const decodeData = (type: string, json: StoredData): StoredData => {
  const data = { ...json }
  if (!restoreAmounts(type, data)) throw new UnreadableEvent(`an amount of ${type} is not exact`)
  return data
}

/** The id of the event of such a text, of whatever type or version. Throws `UnreadableEvent`. */
export const idOf = (text: string): string => parsed(text).id

/** An event's bytes: its text in UTF-8. */
export const encode = (event: NewEvent): Buffer => Buffer.from(toText(event))

/** The event of such bytes. Throws `UnreadableEvent`. */
export const decode = (bytes: Buffer): NewEvent => fromText(bytes.toString())
