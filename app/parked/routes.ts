import { type Context, Hono } from 'hono'
import { positionOf } from '../../domain/position.ts'
import { json } from '../../http/json.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { readBody } from '../../http/read-body.ts'
import { queryValidator, validator } from '../../http/validate.ts'
import { isUnread, type LogEvent } from '../../projections/unread.ts'
import { keyOf } from '../../query-side/page-cursor.ts'
import { defaultLimit, pageOf } from '../../query-side/page.ts'
import { problemOf } from '../rebuild/problem-of.ts'
import { projectionIn } from '../rebuild/projection-in.ts'
import { EmptyBody } from '../rebuild/schemas.ts'
import type { ParkedStreams } from './parked-streams.ts'
import { DiscardBody, ParkedQuery } from './schemas.ts'

const parse = queryValidator(ParkedQuery)
const checkDiscard = validator(DiscardBody)
const checkEmpty = validator(EmptyBody)

const path = '/v1/projections/:projection/parked'
/** Of the events that are not applied so many are shown. */
const mostEvents = 20

const eventOf = (event: LogEvent): object => {
  const place = { type: event.type, revision: event.revision, position: positionOf(event) }
  if (isUnread(event)) return { ...place, unreadable: event.unreadable }
  return { id: event.id, ...place, recordedAt: event.recordedAt, data: event.data }
}

const notParked = (): Problem => new Problem(404, 'notFound', 'The projection has parked no such stream')

const streamIn = (c: Context<Edge>): string => c.req.param('stream') ?? ''

/** What is done about the streams that a projection has parked: listed, looked at, tried again, discarded. */
export const parkedRoutes = (parked: ParkedStreams, clock: () => number = Date.now): Hono<Edge> => {
  const answer = (c: Context<Edge>, body: object) => c.body(json(body), 200, { 'Content-Type': 'application/json' })
  return new Hono<Edge>()
    .get(path, async (c) => {
      const projection = projectionIn(c, 'finance', 'auditor', 'operator')
      const { limit = defaultLimit, cursor } = parse(c.req.queries())
      const asked = { list: 'parked', projection }
      const [after = ''] = cursor === undefined ? [] : keyOf(asked, cursor, /^(.+)$/s)
      const found = await parked.list(projection, after, limit + 1).catch(problemOf)
      const { rows: data, nextCursor } = pageOf(found, limit, asked, ({ stream }) => stream)
      return answer(c, { data, nextCursor })
    })
    .get(`${path}/:stream`, async (c) => {
      const projection = projectionIn(c, 'auditor', 'operator')
      const found = await parked.find(projection, streamIn(c)).catch(problemOf)
      if (found === undefined) throw notParked()
      const events = await parked.events(projection, streamIn(c), mostEvents).catch(problemOf)
      return answer(c, { ...found, events: events.map(eventOf) })
    })
    .post(`${path}/:stream/retry`, async (c) => {
      const projection = projectionIn(c, 'operator')
      const stream = streamIn(c)
      checkEmpty(await readBody(c))
      if ((await parked.find(projection, stream).catch(problemOf)) === undefined) throw notParked()
      const left = await parked.retry(projection, stream).catch(problemOf)
      return answer(c, { stream, followed: left === undefined, parked: left ?? null })
    })
    .post(`${path}/:stream/discard`, async (c) => {
      const projection = projectionIn(c, 'operator')
      const { reason }: DiscardBody = checkDiscard(await readBody(c))
      const decision = { reason, by: c.get('principal').keyId }
      const occasion = { now: new Date(clock()).toISOString(), traceId: c.get('traceId') }
      const found = await parked.discard(projection, streamIn(c), decision, occasion).catch(problemOf)
      if (found === undefined) throw notParked()
      return answer(c, found)
    })
}
