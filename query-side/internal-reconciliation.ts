import Type from 'typebox'
import { type Position, positionOf, start } from '../domain/position.ts'
import {
  type Kind,
  kinds,
  methodFor,
  methods,
  places,
  type RecordKind,
  records,
  type Where,
} from '../domain/repair/difference.ts'
import { requireRole } from '../http/authenticate.ts'
import { answerJson } from '../http/answer-json.ts'
import { positionHeader } from '../http/position-header.ts'
import { queryValidator } from '../http/validate.ts'
import type { Route } from './answer.ts'
import type { QueryShards } from './shards.ts'

export const InternalReconciliationQuery = Type.Object({}, { additionalProperties: false })
const parse = queryValidator(InternalReconciliationQuery)

const closed = { additionalProperties: false } as const
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Where = Type.Enum([...places])
const Kind = Type.Enum([...kinds], {
  description:
    'lost: the record is missing. doubled: it is there more than once. altered: it says something else. ahead: no event led to it',
})

export const DifferenceSchema = Type.Object(
  {
    id: Type.String(),
    where: Where,
    kind: Kind,
    record: Type.Enum([...records]),
    part: Type.String({ description: 'The shard, or the partition of the topic' }),
    stream: Type.String(),
    key: nullable(Type.String({ description: 'Which row of the stream, or of the shard, where there are several' })),
    revision: nullable(Type.Integer({ minimum: 0 })),
    position: Type.String({ description: 'Of the event that the record is of, or says that it is of' }),
    since: Type.String({ description: 'When it was first found' }),
    repair: Type.Enum([...methods], { description: 'What a repair does' }),
  },
  closed,
)

const DigestSchema = Type.Object({ records: Type.Integer({ minimum: 0 }), digest: Type.String() }, closed)

export const InternalReconciliationSchema = Type.Object(
  {
    position: Type.String({ description: 'Up to where everything was compared' }),
    comparedAt: nullable(Type.String()),
    round: nullable(
      Type.Object(
        { begunAt: Type.String(), position: Type.String(), through: Type.String() },
        { ...closed, description: 'How far the round is that compares everything once more' },
      ),
    ),
    lastRound: nullable(
      Type.Object({ begunAt: Type.String(), endedAt: Type.String(), position: Type.String() }, closed),
    ),
    parts: Type.Array(
      Type.Object({ where: Where, part: Type.String(), expected: DigestSchema, found: DigestSchema }, closed),
      { description: 'What each shard and partition should have of everything, and what it has' },
    ),
    counts: Type.Array(Type.Object({ where: Where, kind: Kind, count: Type.Integer({ minimum: 1 }) }, closed)),
    acknowledged: Type.Integer({ minimum: 0, description: 'Differences that cannot be taken away, and are known' }),
    differences: Type.Array(DifferenceSchema, { description: 'The first thousand, the oldest first' }),
  },
  closed,
)

/** Digests as a reconciler keeps them: how many records, and the sum of their hashes. */
type Sums = Readonly<Record<string, readonly [expected: number, sum: string, found: number, sum: string]>>

type State = {
  readonly position: Position
  readonly sums: Sums
  readonly round?: { readonly begunAt: string; readonly at: Position; readonly through: Position }
  readonly lastRound?: { readonly begunAt: string; readonly endedAt: string; readonly position: Position }
}

/** A difference as it is kept. */
export type DifferenceRow = {
  readonly id: string
  readonly where: Where
  readonly kind: Kind
  readonly record: RecordKind
  readonly part: string
  readonly stream: string
  readonly log: number
  readonly sequence: bigint
  readonly revision: number | null
  readonly key: string | null
  readonly since: Date
}

/** So many are shown, and repaired at once. */
export const mostShown = 1_000

const one = async <Row>(
  shards: QueryShards,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> => {
  const statement = () => ({ text, values })
  return (await shards.ask<Row>({ schemas: shards.all.slice(0, 1), newest: true, statement })).flat()
}

/** Those that are not acknowledged, the oldest first: these of them, or all; at most `mostShown`. */
export const readDifferences = (shards: QueryShards, ids?: readonly string[]): Promise<readonly DifferenceRow[]> =>
  one<DifferenceRow>(
    shards,
    `select id, place as where, kind, record, part, stream, log, sequence, revision, key, since from daybook.differences
     where not acknowledged and ($1::text[] is null or id = any($1::text[])) order by since, id limit ${mostShown}`,
    [ids ?? null],
  )

const digest = (records: number, sum: string): { records: number; digest: string } => ({
  records,
  digest: BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, '0'),
})

const partsOf = (sums: Sums) =>
  Object.entries(sums)
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([key, [expected, expectedSum, found, foundSum]]) => ({
      where: key.slice(0, key.indexOf(' ')),
      part: key.slice(key.indexOf(' ') + 1),
      expected: digest(expected, expectedSum),
      found: digest(found, foundSum),
    }))

const shown = ({ log, sequence, since, ...row }: DifferenceRow) => ({
  ...row,
  position: positionOf({ log, sequence: Number(sequence) }),
  since: since.toISOString(),
  repair: methodFor(row.where, row.kind),
})

/** GET /v1/reconciliation/internal: whether everything that is made from the log is as the log has it. */
export const getInternalReconciliation =
  (shards: QueryShards): Route =>
  async (c) => {
    requireRole(c.get('principal'), 'finance', 'auditor', 'operator')
    parse(c.req.queries())
    const [kept] = await one<{ state: State; updatedAt: Date }>(
      shards,
      `select state, updated_at as "updatedAt" from daybook.reconciliation where name = 'internal'`,
    )
    const counts = await one<{ where: Where; kind: Kind; acknowledged: boolean; count: bigint }>(
      shards,
      `select place as where, kind, acknowledged, count(*) as count from daybook.differences
       group by 1, 2, 3 order by 1, 2, 3`,
    )
    const { position = start, sums = {}, round, lastRound } = kept?.state ?? {}
    const open = counts.filter(({ acknowledged }) => !acknowledged)
    const known = counts.filter(({ acknowledged }) => acknowledged)
    const body = {
      position,
      comparedAt: kept?.updatedAt.toISOString() ?? null,
      round: round === undefined ? null : { begunAt: round.begunAt, position: round.at, through: round.through },
      lastRound: lastRound ?? null,
      parts: partsOf(sums),
      counts: open.map(({ where, kind, count }) => ({ where, kind, count: Number(count) })),
      acknowledged: known.reduce((sum, { count }) => sum + Number(count), 0),
      differences: (await readDifferences(shards)).map(shown),
    }
    return answerJson(c, JSON.stringify(body), 200, { [positionHeader]: position })
  }
