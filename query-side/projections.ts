import Type from 'typebox'
import { lowest, type Position } from '../domain/position.ts'
import { requireRole } from '../http/authenticate.ts'
import { answerJson } from '../http/answer-json.ts'
import { positionHeader } from '../http/position-header.ts'
import { queryValidator } from '../http/validate.ts'
import type { Route } from './answer.ts'
import type { History } from './history.ts'
import { comparing, type Order, orderBy } from './order.ts'
import type { QueryShards } from './shards.ts'
import { type Cursor, positionOfCursor } from './snapshot.ts'

export const ProjectionsQuery = Type.Object({}, { additionalProperties: false })
const parse = queryValidator(ProjectionsQuery)

const closed = { additionalProperties: false } as const

/** How far a projection has come in one shard. */
export const ProjectionSchema = Type.Object(
  {
    projection: Type.String(),
    shard: Type.String(),
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
      description: 'Streams set aside because of an event that could not be applied',
    }),
  },
  closed,
)

type Row = {
  readonly shard: string
  readonly projection: string
  readonly cursor: Cursor
  readonly parked: number
}

const select = (schema: string): string => `
  select '${schema}' as shard, projection, json_object_agg(log, sequence) as cursor,
    (select count(*)::integer from ${schema}.parked_streams parked where parked.projection = reached.projection) as parked
  from ${schema}.reached
  group by projection`

const order: Order<Row> = [
  ['projection', 'asc'],
  ['shard', 'asc'],
]

const read = async (shards: QueryShards): Promise<readonly Row[]> => {
  const answers = await shards.ask<Row>({
    schemas: shards.all,
    newest: true,
    statement: (schemas) => ({
      text: `${schemas.map(select).join(' union all ')} order by ${orderBy(order)}`,
      values: [],
    }),
  })
  return answers.flat().sort(comparing(order))
}

/** GET /v1/projections: what stands between what was written and what can be read. */
export const listProjections =
  (shards: QueryShards, history: History): Route =>
  async (c) => {
    requireRole(c.get('principal'), 'finance', 'auditor', 'operator')
    parse(c.req.queries())
    const rows = await read(shards)
    const head = await history.head()
    const lags = new Map<Position, ReturnType<History['lag']>>()
    const lagAt = (cursor: Position): ReturnType<History['lag']> => {
      const lag = lags.get(cursor) ?? history.lag(cursor)
      lags.set(cursor, lag)
      return lag
    }
    const data = await Promise.all(
      rows.map(async ({ projection, shard, cursor: row, parked }) => {
        const cursor = positionOfCursor(row)
        return { projection, shard, cursor, head, lag: await lagAt(cursor), parked }
      }),
    )
    return answerJson(c, JSON.stringify({ data }), 200, {
      [positionHeader]: lowest(data.map(({ cursor }) => cursor)),
    })
  }
