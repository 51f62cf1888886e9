import Type from 'typebox'
import { paymentStream, payoutStream, type RecordedEvent } from '../domain/event.ts'
import { forgotten, isForgotten, withoutSealed } from '../domain/personal.ts'
import { membersOf } from '../domain/personal-members.ts'
import { positionOf } from '../domain/position.ts'
import { merchantScope, requireRole } from '../http/authenticate.ts'
import { json } from '../http/json.ts'
import { queryValidator } from '../http/validate.ts'
import { openedEvents } from '../personal/opening.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { untilReached } from './await-position.ts'
import { minPosition } from './min-position.ts'
import { keyOf } from './page-cursor.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import type { Reads } from './reads.ts'
import { resourceNotFound, uuidIn } from './resource-id.ts'
import { upTo } from './transaction-as-of.ts'

export const EventsQuery = Type.Object({ ...paging, ...minPosition, ...asOf }, { additionalProperties: false })
const parse = queryValidator(EventsQuery)

/** An event as auditors see it; `data` is as it was recorded, but for what is personal, which is opened or forgotten. */
export const EventSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    type: Type.String({ description: 'Past tense, such as PaymentCaptured' }),
    revision: Type.Integer({ minimum: 0, description: 'Place in the stream of its payment or payout' }),
    position: Type.String({ description: 'Place in the whole log' }),
    recordedAt: Type.String({ format: 'date-time' }),
    data: Type.Object({}, { additionalProperties: true }),
    ...forgotten,
  },
  { additionalProperties: false },
)

const streams = { payment: paymentStream, payout: payoutStream } as const

const entry = (event: RecordedEvent): string => {
  const members = membersOf(event.type)
  return json({
    id: event.id,
    type: event.type,
    revision: event.revision,
    position: positionOf(event),
    recordedAt: event.recordedAt,
    data: withoutSealed(event.data, members),
    ...(isForgotten(event.data, members) ? { forgotten: true } : {}),
  })
}

/** GET /v1/payments/:id/events and /v1/payouts/:id/events: the stream itself, from the log, oldest first. */
export const listEvents =
  ({ history, keys, viewOf }: Reads, kind: keyof typeof streams, waitMs: number): Route =>
  async (c) => {
    const principal = c.get('principal')
    requireRole(principal, 'merchant', 'auditor', 'operator')
    const { limit = defaultLimit, ...given } = parse(c.req.queries())
    const { asOf: past, wanted, cursor } = await viewOf(given)
    const id = c.req.param('id') ?? ''
    if (uuidIn(kind, id) === undefined) throw resourceNotFound(kind)
    const asked = { list: 'events', id, merchantId: principal.merchantId, asOf: past }
    const [revision = '-1'] = cursor === undefined ? [] : keyOf(asked, cursor, /^(\d{1,9})$/)
    if (wanted !== undefined) await untilReached(() => history.head(), wanted, performance.now() + waitMs)
    // Read before the events, so that they hold everything up to it.
    const position = past?.position ?? (await history.head())
    const found = await history.readStream(streams[kind](id), Number(revision) + 1, limit + 1)
    const events = past === undefined ? found : upTo(found, position)
    const [first] = events
    if (first === undefined || merchantScope(principal, first.metadata.merchantId).type === 'none')
      throw resourceNotFound(kind, position, past)
    const page = pageOf(events, limit, asked, (event) => String(event.revision))
    const opened = await openedEvents(page.rows, keys)
    return answerPage(c, opened.map(entry), page.nextCursor, position, past)
  }
