import Type from 'typebox'
import { lowest, type Position } from '../domain/position.ts'
import { requireRole } from '../http/authenticate.ts'
import { answerJson } from '../http/answer-json.ts'
import { positionHeader } from '../http/position-header.ts'
import { queryValidator } from '../http/validate.ts'
import type { Route } from './answer.ts'
import { type Discarded, readDiscarded } from './discarded.ts'
import type { History } from './history.ts'
import { comparing, type Order, orderBy } from './order.ts'
import type { QueryShards } from './shards.ts'
import { type Cursor, positionOfCursor } from './snapshot.ts'

export const ProjectionsQuery = Type.Object({}, { additionalProperties: false })
const parse = queryValidator(ProjectionsQuery)

const closed = { additionalProperties: false } as const

const states = ['building', 'stopped', 'caughtUp', 'live', 'old'] as const
type State = (typeof states)[number]

/** How far a copy of a projection has come in one shard. */
export const ProjectionSchema = Type.Object(
  {
    projection: Type.String(),
    shard: Type.String(),
    copy: Type.Integer({ minimum: 1, description: 'Its number; a rebuild makes another one beside the live one' }),
    state: Type.Enum(states, {
      description:
        'live: it is read. building: a rebuild makes it. stopped: built up to a position, to be looked at. caughtUp: followed, and can be switched to. old: it was live before the last switch, is followed, and can be gone back to',
    }),
    cursor: Type.String({ description: 'Up to where the rows have come' }),
    head: Type.String({ description: 'The last position in the log' }),
    lag: Type.Object(
      {
        events: Type.Integer({ minimum: 0, description: 'Events of all shards between cursor and head' }),
        seconds: Type.Number({ minimum: 0, description: 'Age of the oldest event not yet applied; 0 at the head' }),
      },
      closed,
    ),
    parked: Type.Integer({
      minimum: 0,
      description: 'Streams set aside because of an event that could not be applied, but for those that are discarded',
    }),
    discarded: Type.Integer({ minimum: 0, description: 'Streams that an operator has decided to leave set aside' }),
  },
  closed,
)

type Copy = {
  readonly projection: string
  readonly shard: string
  readonly number: number
  readonly state: 'building' | 'stopped' | 'caughtUp'
  /** What is live in its shard, and what was before the last switch as long as there is a way back. */
  readonly live: number
  readonly before: number | null
}

type Row = {
  readonly shard: string
  readonly projection: string
  readonly copy: number
  readonly cursor: Cursor
  readonly parked: number
  readonly discarded: number
}

const copiesOf = `
  select projection, shard, number, state, coalesce(numbers[index], 1) as live, before[index] as before
  from (
    select copy.projection, shard, number, state, numbers, before,
      1 + substring(shard from '\\d+$')::integer as index
    from daybook.copies copy left join daybook.live_copies using (projection)
  ) each_copy`

const select = (shard: string, schema: string, number: number): string => `
  select '${shard}' as shard, projection, ${number} as copy, json_object_agg(log, sequence) as cursor,
    (select count(*)::integer from ${schema}.parked_streams each where each.projection = reached.projection) - discarded as parked,
    discarded
  from ${schema}.reached,
    lateral (
      select count(*)::integer as discarded
      from ${schema}.parked_streams each join unnest($1::text[], $2::text[], $3::smallint[], $4::bigint[])
        as told (projection, stream, log, sequence) using (projection, stream, log, sequence)
      where each.projection = reached.projection
    ) each_discarded
  group by projection, discarded`

const order: Order<Row> = [
  ['projection', 'asc'],
  ['shard', 'asc'],
  ['copy', 'asc'],
]

const ask = async <Found>(
  shards: QueryShards,
  text: (here: readonly string[]) => string,
  values: readonly unknown[] = [],
): Promise<readonly Found[]> => {
  const statement = (here: readonly string[]) => ({ text: text(here), values })
  return (await shards.ask<Found>({ schemas: shards.all, newest: true, statement })).flat()
}

const read = (
  shards: QueryShards,
  copies: readonly Copy[],
  discarded: readonly Discarded[],
): Promise<readonly Row[]> => {
  const selects = (shard: string): readonly string[] => [
    select(shard, shard, 1),
    ...copies
      .filter((copy) => copy.shard === shard && copy.number > 1)
      .map(({ projection, number }) => select(shard, `${shard}_${projection}_${number}`, number)),
  ]
  return ask<Row>(shards, (here) => `${here.flatMap(selects).join(' union all ')} order by ${orderBy(order)}`, [
    discarded.map(({ projection }) => projection),
    discarded.map(({ stream }) => stream),
    discarded.map(({ log }) => log),
    discarded.map(({ sequence }) => sequence),
  ])
}

const stateOf = ({ projection, shard, copy }: Row, copies: readonly Copy[]): State => {
  const own = copies.find((each) => each.projection === projection && each.shard === shard && each.number === copy)
  if (own === undefined || own.live === copy) return 'live'
  return own.before === copy ? 'old' : own.state
}

/** GET /v1/projections: what stands between what was written and what can be read. */
export const listProjections =
  (shards: QueryShards, history: History): Route =>
  async (c) => {
    requireRole(c.get('principal'), 'finance', 'auditor', 'operator')
    parse(c.req.queries())
    const copies = await ask<Copy>(shards, () => copiesOf)
    const rows = (await read(shards, copies, await readDiscarded(history))).toSorted(comparing(order))
    const head = await history.head()
    const lags = new Map<Position, ReturnType<History['lag']>>()
    const lagAt = (cursor: Position): ReturnType<History['lag']> => {
      const lag = lags.get(cursor) ?? history.lag(cursor)
      lags.set(cursor, lag)
      return lag
    }
    const data = await Promise.all(
      rows.map(async (row) => {
        const { projection, shard, copy, parked, discarded } = row
        const cursor = positionOfCursor(row.cursor)
        const state = stateOf(row, copies)
        return { projection, shard, copy, state, cursor, head, lag: await lagAt(cursor), parked, discarded }
      }),
    )
    return answerJson(c, JSON.stringify({ data }), 200, {
      [positionHeader]: lowest(data.filter(({ state }) => state === 'live').map(({ cursor }) => cursor)),
    })
  }
