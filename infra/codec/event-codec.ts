import type { EventMetadata, NewEvent } from '../../domain/event.ts'
import { UnreadableEvent } from '../../http/unreadable-event.ts'
import { moneyFields, moneyLists } from './money-fields.ts'
import { currentVersion, notKnown, type StoredData, upcast } from './upcast.ts'

type StoredEvent = {
  id: string
  type: string
  version: number
  recordedAt: string
  metadata: EventMetadata
  data: StoredData
}

const noEvent = 'not the text of an event'

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

/** Whether it looks like what `toText` makes, of whatever type and version. */
const isStored = (json: unknown): json is StoredEvent => {
  if (!isObject(json)) return false
  const { id, type, version, recordedAt, metadata, data } = json as StoredEvent
  return (
    typeof id === 'string' &&
    typeof type === 'string' &&
    typeof version === 'number' &&
    typeof recordedAt === 'string' &&
    isObject(metadata) &&
    typeof metadata.merchantId === 'string' &&
    isObject(data)
  )
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
  // Lists are of objects of ours, which may have amounts.
  if (Array.isArray(value)) return `[${value.map(objectText).join()}]`
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

const checkFields = (type: string, fields: readonly string[], data: StoredData): void => {
  for (const field of fields) {
    if (typeof data[field] !== 'bigint') throw new TypeError(`${field} of ${type} is not a bigint`)
  }
}

const checkAmounts = (type: string, data: StoredData): void => {
  checkFields(type, amountsOf(type), data)
  for (const [list, fields] of moneyLists.get(type) ?? [])
    for (const entry of data[list] as readonly StoredData[]) checkFields(type, fields, entry)
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

/** Undefined where it has lost digits to JSON's numbers. */
const amountOf = (type: string, field: string, amount: unknown): bigint | undefined => {
  if (typeof amount === 'number' && Number.isInteger(amount))
    return Number.isSafeInteger(amount) ? BigInt(amount) : undefined
  if (typeof amount === 'string' && /^-?\d+$/.test(amount)) return BigInt(amount)
  throw new UnreadableEvent(`${field} of ${type} is not an integer`)
}

/** Makes these amounts bigints, all or none; false where one has lost digits to JSON's numbers. */
const restoreFields = (type: string, fields: readonly string[], data: StoredData): boolean => {
  const amounts = fields.map((field) => amountOf(type, field, data[field]))
  if (amounts.includes(undefined)) return false
  fields.forEach((field, index) => {
    data[field] = amounts[index]
  })
  return true
}

/** The lists in `data` with their amounts as bigints; undefined where one has lost digits. */
const restoredLists = (type: string, data: StoredData): StoredData | undefined => {
  const lists: StoredData = {}
  for (const [list, fields] of moneyLists.get(type) ?? []) {
    const given = data[list]
    if (!Array.isArray(given)) throw new UnreadableEvent(`${list} of ${type} is not a list`)
    const entries = given.map((entry: StoredData) => ({ ...entry }))
    if (!entries.every((entry) => restoreFields(type, fields, entry))) return undefined
    lists[list] = entries
  }
  return lists
}

/** Makes the amounts in today's `data` bigints, all or none; false where one has lost digits to JSON's numbers. */
const restoreAmounts = (type: string, data: StoredData): boolean => {
  const lists = restoredLists(type, data)
  if (lists === undefined || !restoreFields(type, amountsOf(type), data)) return false
  Object.assign(data, lists)
  return true
}

const restored = (stored: unknown): NewEvent | undefined => {
  if (!isStored(stored)) throw new UnreadableEvent(noEvent)
  const { type, version } = stored
  if (!moneyFields.has(type)) throw notKnown(type, version)
  const data = upcast(type, version, stored.data)
  if (!restoreAmounts(type, data)) return undefined
  stored.version = currentVersion(type)
  stored.data = data
  // The rest is as the types of the program that wrote it had it.
  return stored as unknown as NewEvent
}

const parsed = (text: string): StoredEvent => {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own error quotes what it has found.
    throw new UnreadableEvent(noEvent)
  }
}

/** Puts integers that a JSON number may not hold exactly into quotes; what is in quotes already is passed over. */
const quoteLongIntegers = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (token) => (token.startsWith('"') ? token : `"${token}"`))

/** The event of a text that `toText` made, upcast to today's version. Throws `UnreadableEvent`. */
export const fromText = (text: string): NewEvent => {
  const event = restored(parsed(text)) ?? restored(parsed(quoteLongIntegers(text)))
  if (event === undefined) throw new UnreadableEvent(noEvent)
  return event
}

/** An event's text for a store that keeps JSON; integers that a number may not hold exactly become strings. */
export const toJsonText = (event: NewEvent): string => quoteLongIntegers(toText(event))

/** The same as an object. */
export const toJson = (event: NewEvent): object => parsed(toJsonText(event))

/** The event of what `toJson` made, upcast to today's version; takes `json` over. Throws `UnreadableEvent`. */
export const fromJson = (json: unknown): NewEvent => {
  const event = restored(json)
  if (event === undefined) throw new UnreadableEvent(noEvent)
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
