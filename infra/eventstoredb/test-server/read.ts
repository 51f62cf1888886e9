import { status } from '@grpc/grpc-js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { positionOf, sequenceIn } from '../../../domain/position.ts'
import type { EventLog } from '../../lmdb/event-log.ts'
import type { Faults } from './faults.ts'
import type { Leadership } from './leadership.ts'
import { type ReadCall as Call, type ReadOptions as Options, send } from './send.ts'
import { subscribe } from './subscribe.ts'
import { commitOf, eventResponse, identifierOf, recordedResponse, sequenceAt, textOf } from './wire.ts'

const backwards = 1
const pageSize = 500

/** After every seventh event of the ledger the server has one of its own, as real ones have now and then. */
const systemEvery = 7
const systemEvent = (sequence: number): streams.ReadResp =>
  eventResponse(`00000000-0000-4000-8000-${sequence.toString(16).padStart(12, '0')}`, '$statsCollected', '{}', {
    stream: '$stats-127.0.0.1:2113',
    revision: Math.floor(sequence / systemEvery),
    commit: commitOf(sequence) + 1,
  })
const hasSystemEvent = (sequence: number): boolean => sequence > 0 && sequence % systemEvery === 0

const readStream = async (log: EventLog, call: Call, options: Options): Promise<void> => {
  const wanted = options.getStream()
  const stream = textOf(wanted?.getStreamIdentifier()?.getStreamName_asU8() ?? '')
  const count = Number(options.getCount())
  const last = await log.streamRevision(stream)
  if (last === 'none') {
    const missing = new streams.ReadResp.StreamNotFound()
    missing.setStreamIdentifier(identifierOf(stream))
    const response = new streams.ReadResp()
    response.setStreamNotFound(missing)
    await send(call, response)
    return
  }
  const isBackwards = options.getReadDirection() === (backwards as never)
  const from = wanted?.hasRevision() ? Number(wanted.getRevision()) : isBackwards ? last : 0
  const events = isBackwards
    ? (await log.streamFrom(stream, Math.max(0, from - count + 1))).slice(0, Math.min(count, from + 1)).toReversed()
    : (await log.streamFrom(stream, from)).slice(0, count)
  for (const event of events) await send(call, recordedResponse(event))
}

/** Whether a commit position is that of an event, be it one of the server's own. */
const isBoundary = (commit: number): boolean => {
  const sequence = sequenceAt(commit)
  return sequence !== undefined || hasSystemEvent(sequenceAt(commit - 1) ?? 0)
}

async function* forwards(log: EventLog, from: number): AsyncGenerator<{ commit: number; response: streams.ReadResp }> {
  let position = positionOf({ log: 0, sequence: Math.max(0, Math.ceil(from / commitOf(1)) - 1) })
  const before = sequenceIn(position, 0)
  if (hasSystemEvent(before) && commitOf(before) + 1 >= from) yield systemAt(before)
  for (;;) {
    const page = await log.readAll(position, pageSize)
    if (page.events.length === 0) return
    for (const event of page.events) {
      yield { commit: commitOf(event.sequence), response: recordedResponse(event) }
      if (hasSystemEvent(event.sequence)) yield systemAt(event.sequence)
    }
    position = page.position
  }
}
const systemAt = (sequence: number) => ({ commit: commitOf(sequence) + 1, response: systemEvent(sequence) })

/** Newest first, from a position or the end. */
async function* reversed(log: EventLog, from: number): AsyncGenerator<{ commit: number; response: streams.ReadResp }> {
  const head = sequenceIn(await log.head(), 0)
  for (let sequence = Math.min(head, Math.floor(from / commitOf(1))); sequence > 0; sequence--) {
    if (hasSystemEvent(sequence) && commitOf(sequence) + 1 <= from) yield systemAt(sequence)
    const { events } = await log.readAll(positionOf({ log: 0, sequence: sequence - 1 }), 1)
    if (events[0] !== undefined) yield { commit: commitOf(sequence), response: recordedResponse(events[0]) }
  }
}

const readAll = async (log: EventLog, call: Call, options: Options): Promise<void> => {
  const all = options.getAll()
  const count = Number(options.getCount())
  const position = all?.hasPosition() ? Number(all.getPosition()?.getCommitPosition()) : undefined
  if (position !== undefined && !isBoundary(position)) {
    call.emit('error', { code: status.UNKNOWN, details: 'Unexpected UnknownError: not the position of an event' })
    return
  }
  const isBackwards = options.getReadDirection() === (backwards as never)
  const events = isBackwards ? reversed(log, position ?? Number.MAX_SAFE_INTEGER) : forwards(log, position ?? 0)
  let sent = 0
  for await (const { response } of events) {
    if (sent === count || call.destroyed) return
    await send(call, response)
    sent += 1
  }
}

/** Streams/Read: streams and everything, both ways, and subscriptions to either. */
export const read =
  (log: EventLog, faults: Faults, leadership: Leadership) =>
  (call: Call): void => {
    if (!leadership.admits(call)) return
    const options = call.request.getOptions() ?? new streams.ReadReq.Options()
    const work = options.hasSubscription() ? subscribe : options.hasStream() ? readStream : readAll
    call.on('error', () => undefined)
    work(log, call, options, faults).then(
      () => call.end(),
      () => call.destroy(),
    )
  }
