import { status } from '@grpc/grpc-js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import { positionOf, sequenceIn } from '../../../domain/position.ts'
import type { EventLog } from '../../lmdb/event-log.ts'
import type { Faults } from './faults.ts'
import { type Filter, filterOf } from './filter.ts'
import { type ReadCall, type ReadOptions, send } from './send.ts'
import { commitOf, recordedResponse, sequenceAt, textOf } from './wire.ts'

/** A real server drops who is further behind while live. */
const liveBuffer = 32

const confirmation = (): streams.ReadResp => {
  const confirmed = new streams.ReadResp.SubscriptionConfirmation()
  confirmed.setSubscriptionId('00000000-0000-4000-8000-000000000000')
  const response = new streams.ReadResp()
  response.setConfirmation(confirmed)
  return response
}

const caughtUp = (): streams.ReadResp => {
  const response = new streams.ReadResp()
  response.setCaughtUp(new streams.ReadResp.CaughtUp())
  return response
}

const checkpoint = (sequence: number): streams.ReadResp => {
  const reached = new streams.ReadResp.Checkpoint()
  reached.setCommitPosition(String(commitOf(sequence)))
  reached.setPreparePosition(String(commitOf(sequence)))
  const response = new streams.ReadResp()
  response.setCheckpoint(reached)
  return response
}

const endOf = (call: ReadCall): AbortSignal => {
  const ended = new AbortController()
  call.once('cancelled', () => ended.abort()).once('close', () => ended.abort())
  return ended.signal
}

/** What a subscription begins after, in the log, and what it wants of that. */
type Wanted = Partial<Filter> & { readonly after: number; readonly matches: Filter['matches'] }

const wantedOf = async (log: EventLog, options: ReadOptions): Promise<Wanted> => {
  const one = options.getStream()
  const all = options.getAll()
  const isFromEnd = one?.hasEnd() || all?.hasEnd()
  const head = isFromEnd ? sequenceIn(await log.head(), 0) : 0
  if (one !== undefined) {
    const stream = textOf(one.getStreamIdentifier()?.getStreamName_asU8() ?? '')
    const last = one.hasRevision() ? Number(one.getRevision()) : -1
    return { after: head, matches: (event) => event.stream === stream && event.revision > last }
  }
  const given = all?.hasPosition() ? sequenceAt(Number(all.getPosition()?.getCommitPosition())) : undefined
  return { matches: () => true, ...filterOf(options), after: given ?? head }
}

/** A subscription to a stream or to everything, exclusive of where it begins; dropped when its reader is slow. */
export const subscribe = async (log: EventLog, call: ReadCall, options: ReadOptions, faults: Faults): Promise<void> => {
  const { after, matches, checkpointEvery = Number.POSITIVE_INFINITY } = await wantedOf(log, options)
  await send(call, confirmation())
  if (faults.deadSubscriptions > 0) {
    faults.deadSubscriptions -= 1
    await new Promise((resolve) => call.once('cancelled', resolve).once('close', resolve))
    return
  }
  const ended = endOf(call)
  let isLive = sequenceIn(await log.head(), 0) <= after
  if (isLive) await send(call, caughtUp())
  let considered = 0
  for await (const { events } of log.subscribe(positionOf({ log: 0, sequence: after }), ended)) {
    for (const event of events) {
      considered += 1
      const responses = matches(event) ? [recordedResponse(event)] : []
      if (considered % checkpointEvery === 0) responses.push(checkpoint(event.sequence))
      for (const response of responses) {
        if (!isLive) await send(call, response)
        else if (call.writableLength > liveBuffer) {
          call.emit('error', {
            code: status.ABORTED,
            details: 'Operation timed out: Consumer too slow to handle event while live',
          })
          return
        } else call.write(response)
      }
    }
    if (!isLive && events.at(-1)?.sequence === sequenceIn(await log.head(), 0)) {
      isLive = true
      await send(call, caughtUp())
    }
  }
}
