import type { IHeaders, KafkaMessage, Message } from 'kafkajs'
import { expect, test } from 'vitest'
import type { RecordedEvent } from '../../domain/event.ts'
import type { Outgoing } from '../../projections/publisher.ts'
import { bytesOf, logEvent } from '../codec/log-event.ts'
import { newer } from '../contracts/newer-events.ts'
import { someEvent } from '../contracts/some-events.ts'
import { messageOf, recordOf, UnreadableRecord } from './record.ts'
import { stretchesOf } from './stretches.ts'

const event = (sequence: number, log = 0): RecordedEvent => {
  return { ...someEvent(), stream: 'payment-pay_1', revision: 4, log, sequence }
}
const record = (after: number, upTo: number, log = 0): Outgoing => ({
  log,
  part: 3,
  after,
  upTo,
  event: event(upTo, log),
})

type Arrived = Extract<KafkaMessage, { headers: IHeaders }>

/** As it comes back from a broker: all of it bytes. */
const arrived = ({ key, value, headers = {} }: Message): Arrived => ({
  key: key === null || key === undefined ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))])),
  timestamp: '0',
  attributes: 0,
  offset: '17',
})
const read = (message: KafkaMessage): Outgoing => recordOf(message, 'topic', 3, 5)

test('an event is a CloudEvent and comes back as it was', () => {
  const sent = record(8, 12)
  const message = messageOf(sent, 5)
  expect(message).toMatchObject({ partition: 3, key: 'payment-pay_1' })
  expect(message.headers).toMatchObject({
    ce_specversion: '1.0',
    ce_id: sent.event?.id,
    ce_type: 'daybook.PaymentRefundRequested',
    ce_source: '/daybook/logs/0',
    ce_time: '2025-01-01T00:00:00.000Z',
    ce_subject: 'payment-pay_1',
    'content-type': 'application/json',
  })
  for (const name of Object.keys(message.headers ?? {})) expect(name).toMatch(/^(ce_[a-z0-9]{1,20}|content-type)$/)
  expect(read(arrived(message))).toEqual(sent)
})

test('a watermark has no data, a type of its own and comes back as it was', () => {
  const sent: Outgoing = { log: 1, part: 3, after: 8, upTo: 40 }
  const message = messageOf(sent, 5)
  expect(message).toMatchObject({ key: null, value: null, headers: { ce_type: 'daybook.watermark' } })
  expect(read(arrived(message))).toEqual(sent)
})

test('an event that cannot be read is passed on as the log has it, and comes as what it is', () => {
  const unread = newer(event(12))
  const sent: Outgoing = { log: 0, part: 3, after: 8, upTo: 12, event: unread }
  const message = messageOf(sent, 5)
  expect(message).toMatchObject({ partition: 3, key: 'payment-pay_1', value: bytesOf(unread) })
  const asEver = messageOf(record(8, 12), 5).headers
  expect(message.headers).toEqual({ ...asEver, ce_id: unread.id })
  expect(read(arrived(message))).toEqual(sent)
})

test('what is no event at all is passed on too, and whether the record is broken or the event is for the log to say', () => {
  const place = { stream: 'payment-pay_1', revision: 4, log: 0, sequence: 12 }
  const message = messageOf(
    { log: 0, part: 3, after: 8, upTo: 12, event: logEvent(Buffer.from('secret4242'), place) },
    5,
  )
  expect(message.value?.toString()).toBe('secret4242')
  expect(Object.values(message.headers ?? {})).not.toContain(undefined)
  expect(() => read(arrived(message))).toThrow(UnreadableRecord)
  expect(() => read(arrived(message))).not.toThrow(/secret4242/)
})

const good = arrived(messageOf(record(8, 12), 5))
test.each<[string, KafkaMessage]>([
  ['no headers', { ...good, headers: {} }],
  ['another number of parts', arrived(messageOf(record(8, 12), 6))],
  ['a place that is no number', { ...good, headers: { ...good.headers, ce_logafter: '1e3' } }],
  ['an end before its beginning', { ...good, headers: { ...good.headers, ce_logafter: '13' } }],
  ['no value', { ...good, value: null }],
  ['a value that is no JSON', { ...good, value: Buffer.from('secret4242') }],
  ['the value of no event', { ...good, value: Buffer.from('{"secret4242":1}') }],
  ['null', { ...good, value: Buffer.from('null') }],
])('a record with %s is refused, by its place and without its content', (_, message) => {
  expect(() => read(message)).toThrow(UnreadableRecord)
  expect(() => read(message)).toThrow(/^the record 17 of partition 3 of topic /)
  expect(() => read(message)).not.toThrow(/secret4242/)
})

const placed = (...records: readonly Outgoing[]) => records.map((each, n) => ({ record: each, next: n + 1 }))
const briefly = (records: readonly Outgoing[]) =>
  stretchesOf(placed(...records)).map(({ log, after, upTo, offset, events }) => [
    [log, after, upTo, offset],
    events.map(({ sequence }) => sequence),
  ])

test('records that follow on one another are one stretch, a watermark its end', () => {
  expect(briefly([record(8, 12), record(12, 15), { log: 0, part: 3, after: 15, upTo: 20 }])).toEqual([
    [
      [0, 8, 20, 3],
      [12, 15],
    ],
  ])
})
test('copies are left out', () => {
  expect(briefly([record(8, 12), record(12, 15), record(8, 12), record(12, 15), record(15, 16)])).toEqual([
    [
      [0, 8, 16, 5],
      [12, 15, 16],
    ],
  ])
})
test('where something is missing, or comes from further back, a new one begins', () => {
  expect(briefly([record(8, 12), record(15, 16), record(2, 8), record(8, 12)])).toEqual([
    [[0, 8, 12, 1], [12]],
    [[0, 15, 16, 2], [16]],
    [
      [0, 2, 12, 4],
      [8, 12],
    ],
  ])
})
test('each log has its own', () => {
  expect(briefly([record(8, 12), record(0, 5, 1), record(12, 13), record(5, 6, 1)])).toEqual([
    [
      [0, 8, 13, 3],
      [12, 13],
    ],
    [
      [1, 0, 6, 4],
      [5, 6],
    ],
  ])
})
