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

// All but what JSON takes as it is: quotes, backslashes, control characters, surrogates (which may be alone).
const needsEscape = /[^ !#-[\]-\ud7ff\ue000-\uffff]/

const valueText = (value: unknown): string => {
  if (typeof value === 'bigint') return value.toString()
  return typeof value === 'string' && !needsEscape.test(value) ? `"${value}"` : JSON.stringify(value)
}

/** The JSON of an object whose fields have plain names, as ours have. JSON.stringify would take longer, and no bigints. */
const objectText = (object: StoredData): string => {
  let text = '{'
  // Object.entries would make a list and a pair for each field: twice the time.
  for (const name in object) {
    const value = object[name]
    if (value !== undefined) text += `${text === '{' ? '"' : ',"'}${name}":${valueText(value)}`
  }
  return `${text}}`
}

const checkAmounts = (type: string, data: StoredData): void => {
  for (const field of amountsOf(type)) {
    if (typeof data[field] !== 'bigint') throw new TypeError(`${field} of ${type} is not a bigint`)
  }
}

const textWith = ({ id, type, version, recordedAt, data }: NewEvent, metadata: string): string => {
  checkAmounts(type, data as StoredData)
  const text = `{"id":"${id}","type":"${type}","version":${version},"recordedAt":"${recordedAt}","metadata":${metadata},"data":${objectText(data)}}`
  // It is made of dozens of parts that V8 joins only when they are looked into. Joined now they die young; while the
  // text waits to be written, the collector would carry each of them along.
  text.charCodeAt(0)
  return text
}

/**
 * The one JSON text of an event: an object of id, type, version, recordedAt, metadata and data, amounts as integers of
 * any length. Throws a `TypeError` for an amount that is no bigint.
 */
export const toText = (event: NewEvent): string => textWith(event, objectText(event.metadata))

/** The text of each event. Those of one append mostly share their metadata, which is then written out once. */
export const toTexts = (events: readonly NewEvent[]): string[] => {
  let metadata: EventMetadata | undefined
  let text = ''
  return events.map((event) => {
    if (event.metadata !== metadata) text = objectText(event.metadata)
    metadata = event.metadata
    return textWith(event, text)
  })
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

/** An event's text for a store that keeps JSON; integers that a number may not hold exactly become strings. */
export const toJsonText = (event: NewEvent): string => quoteLongIntegers(toText(event))

/** The same as an object. */
export const toJson = (event: NewEvent): object => parsed(toJsonText(event))

/** The event of what `toJson` made, upcast to today's version; takes `json` over. Throws `UnreadableEvent`. */
export const fromJson = (json: unknown): NewEvent => {
  const event = typeof json === 'object' && json !== null ? restored(json as StoredEvent) : undefined
  if (event === undefined) throw new UnreadableEvent('not the JSON of an event')
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
