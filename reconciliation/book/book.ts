import type { Kind, RecordKind, Where } from '../../domain/repair/difference.ts'
import type { ReadModelServer, Sql } from '../../projections/read-model-store.ts'
import { type Difference, idOf, type KnownDifference, ofEvents, ofStreams } from '../difference.ts'
import { type Wrong, wrongOf } from '../place.ts'
import { firstState, type State } from '../state.ts'
import { type StateJson, stateOfJson, stateToJson } from './state-json.ts'

/** What was looked at: the differences that were known of it and were not found again are gone. */
export type Looked =
  | {
      readonly type: 'events'
      readonly where: Where
      readonly log: number
      readonly after: number
      readonly upTo: number
    }
  | { readonly type: 'streams'; readonly where: Where; readonly streams: readonly string[] }
  | { readonly type: 'one'; readonly id: string }
  /** Everything, in the round of this number and since. */
  | { readonly type: 'round'; readonly round: number }

/** How many differences of a kind a place has. */
export type Count = { readonly where: Where; readonly kind: Kind; readonly count: number }

/** What a reconciler keeps. */
export type Book = {
  read(): Promise<State>
  /**
   * Writes all of it at once; `state` where it has changed. Beyond so many differences no more are kept; they are found
   * again when these are gone.
   */
  write(round: number, looked: readonly Looked[], found: readonly Difference[], state?: State): Promise<void>
  /** Those that are known and not acknowledged, in order of when they were found, at most `limit`. */
  known(limit: number): Promise<readonly KnownDifference[]>
  counts(): Promise<readonly Count[]>
  /** What is known to differ in PostgreSQL, as sums are judged and made by it. */
  wrong(): Promise<Wrong>
  /** Says of some that stay where they are that somebody knows of them. They are counted no more. */
  acknowledge(differences: readonly Difference[]): Promise<void>
}

const mostKept = 10_000

type Row = {
  readonly id: string
  readonly place: Where
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

const knownOf = ({ place, sequence, revision, key, since, ...row }: Row): KnownDifference => ({
  ...row,
  ...(revision === null ? {} : { revision }),
  ...(key === null ? {} : { key }),
  where: place,
  sequence: Number(sequence),
  since: since.toISOString(),
})

/** An acknowledged one is remembered for as long as it is found: its place cannot be changed. */
const forget = async (sql: Sql, looked: Looked, kept: readonly string[]): Promise<void> => {
  switch (looked.type) {
    case 'events':
      await sql.query(
        `delete from daybook.differences where place = $1 and record = any($6::text[])
           and log = $2 and sequence > $3 and sequence <= $4 and not id = any($5::text[])`,
        [looked.where, looked.log, looked.after, looked.upTo, kept, ofEvents],
      )
      return
    case 'streams':
      await sql.query(
        `delete from daybook.differences where place = $1 and record = any($4::text[])
           and stream = any($2::text[]) and not id = any($3::text[])`,
        [looked.where, looked.streams, kept, ofStreams],
      )
      return
    case 'one':
      await sql.query('delete from daybook.differences where id = $1 and not id = any($2::text[])', [looked.id, kept])
      return
    case 'round':
      await sql.query('delete from daybook.differences where seen_round < $1', [looked.round])
      return
  }
}

const insert = async (sql: Sql, found: readonly Difference[], round: number, acknowledged: boolean): Promise<void> => {
  if (found.length === 0) return
  await sql.query(
    `insert into daybook.differences as known (id, place, kind, record, part, stream, log, sequence, revision, key, seen_round, acknowledged)
     select *, $11::integer, $12::boolean from unnest(
       $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::bigint[], $9::integer[], $10::text[]
     )
     where (select count(*) from daybook.differences) < ${mostKept}
     on conflict (id) do update set
       seen_round = greatest(known.seen_round, excluded.seen_round),
       acknowledged = known.acknowledged or excluded.acknowledged`,
    [
      found.map(idOf),
      found.map(({ where }) => where),
      found.map(({ kind }) => kind),
      found.map(({ record }) => record),
      found.map(({ part }) => part),
      found.map(({ stream }) => stream),
      found.map(({ log }) => log),
      found.map(({ sequence }) => sequence),
      found.map(({ revision }) => revision ?? null),
      found.map(({ key }) => key ?? null),
      round,
      acknowledged,
    ],
  )
}

/** Each once. */
const distinct = (found: readonly Difference[]): readonly Difference[] => [
  ...new Map(found.map((each) => [idOf(each), each])).values(),
]

const name = 'internal'

/** The book on a server, in tables that `migrate` makes. */
export const bookOn = (server: ReadModelServer): Book => ({
  read: () =>
    server.transaction(async (sql) => {
      const [row] = await sql.query<{ state: StateJson }>('select state from daybook.reconciliation where name = $1', [
        name,
      ])
      return row === undefined ? firstState : stateOfJson(row.state)
    }),
  write: (round, looked, found, state) =>
    server.transaction(async (sql) => {
      const kept = distinct(found)
      for (const each of looked) await forget(sql, each, kept.map(idOf))
      await insert(sql, kept.slice(0, mostKept), round, false)
      if (state !== undefined)
        await sql.query(
          `insert into daybook.reconciliation (name, state) values ($1, $2::jsonb)
           on conflict (name) do update set state = excluded.state, updated_at = now()`,
          [name, JSON.stringify(stateToJson(state))],
        )
    }),
  known: async (limit) => {
    const rows = await server.transaction((sql) =>
      sql.query<Row>(
        `select id, place, kind, record, part, stream, log, sequence, revision, key, since
         from daybook.differences where not acknowledged order by since, id limit $1`,
        [limit],
      ),
    )
    return rows.map(knownOf)
  },
  counts: async () => {
    const rows = await server.transaction((sql) =>
      sql.query<{ where: Where; kind: Kind; count: bigint }>(
        `select place as where, kind, count(*) as count from daybook.differences where not acknowledged group by 1, 2`,
        [],
      ),
    )
    return rows.map((row) => ({ ...row, count: Number(row.count) }))
  },
  wrong: async () => {
    const rows = await server.transaction((sql) =>
      sql.query<Pick<Difference, 'record' | 'part' | 'key'>>(
        `select distinct record, part, case when record = 'periodTimes' then key end as key
         from daybook.differences where place = 'postgres' and not acknowledged`,
        [],
      ),
    )
    return new Set(rows.map(wrongOf))
  },
  acknowledge: (differences) =>
    server.transaction(async (sql) => {
      const [row] = await sql.query<{ rounds: number }>(
        `select (state ->> 'rounds')::integer as rounds from daybook.reconciliation where name = $1`,
        [name],
      )
      // The round under way may have passed them already.
      await insert(sql, distinct(differences), (row?.rounds ?? 0) + 1, true)
    }),
})
