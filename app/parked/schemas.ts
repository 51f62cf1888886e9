import Type, { type Static } from 'typebox'
import { Text } from '../../domain/text.ts'
import { EventSchema } from '../../query-side/events.ts'
import { paging } from '../../query-side/page.ts'

const closed = { additionalProperties: false } as const

/** GET /v1/projections/{projection}/parked. */
export const ParkedQuery = Type.Object({ ...paging }, closed)

/** POST /v1/projections/{projection}/parked/{stream}/discard. */
export const DiscardBody = Type.Object(
  { reason: Text(500, { description: 'Why the projection is to be without it; recorded in the log' }) },
  closed,
)
export type DiscardBody = Static<typeof DiscardBody>

const members = {
  stream: Type.String(),
  discarded: Type.Union(
    [
      Type.Object({ reason: Type.String(), by: Type.String(), at: Type.String({ format: 'date-time' }) }, closed),
      Type.Null(),
    ],
    { description: 'That an operator has decided to leave it so, and why' },
  ),
  copies: Type.Array(
    Type.Object(
      {
        shard: Type.String(),
        copy: Type.Integer({ minimum: 1 }),
        live: Type.Boolean({ description: 'Whether this copy is read' }),
        position: Type.String({ description: 'The event that it was parked at: from there on nothing is applied' }),
        revision: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
        eventType: Type.String(),
        reason: Type.String({ description: 'What went wrong' }),
        unreadable: Type.Boolean({ description: 'Whether the event could not be read; that is tried again by itself' }),
        parkedAt: Type.String({ format: 'date-time' }),
      },
      closed,
    ),
    { description: 'The copies of the projection that have parked it' },
  ),
}

/** A stream that a projection follows no more. */
export const ParkedStreamSchema = Type.Object(members, closed)
export type ParkedStreamResource = Readonly<Static<typeof ParkedStreamSchema>>

const UnreadSchema = Type.Object(
  { type: Type.String(), revision: Type.Integer({ minimum: 0 }), position: Type.String(), unreadable: Type.String() },
  closed,
)

/** The same with the events that are not applied. */
export const ParkedStreamDetailsSchema = Type.Object(
  {
    ...members,
    events: Type.Array(Type.Union([EventSchema, UnreadSchema]), {
      description: 'The first of them, from the one that it was parked at',
    }),
  },
  closed,
)

/** What came of a retry. */
export const RetriedSchema = Type.Object(
  {
    stream: Type.String(),
    followed: Type.Boolean({ description: 'Whether all copies follow it again' }),
    parked: Type.Union([ParkedStreamSchema, Type.Null()], { description: 'What is still parked, and why' }),
  },
  closed,
)
