import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../projections/migrate.ts'
import { type ReadModelServer, type Sql, StoreUnavailable } from '../../projections/read-model-store.ts'
import { comparing, type Order } from '../../query-side/order.ts'
import type { QueryShards } from '../../query-side/shards.ts'
import { type Selection, snapshot } from '../../query-side/snapshot.ts'
import { where } from '../../query-side/where.ts'

/** Read models to be tested. Their schemas are made, and get a table named `contract` while the tests run. */
export type OpenedReadModels = {
  /** One for each server; together they have the schemas of all shards. */
  readonly servers: readonly ReadModelServer[]
  /** The same, to be read. */
  readonly shards: QueryShards
  /** Ends every connection that both have, from the other side. */
  loseConnections(): Promise<void>
  close(): Promise<void>
}

type Row = { readonly id: string; readonly n: bigint; readonly day: string; readonly at: Date }

const order: Order<Row> = [
  ['day', 'desc'],
  ['id', 'asc'],
  ['n', 'desc'],
]

/** What every store of read models must do, whatever it is made of. */
export const describeReadModels = (name: string, open: () => Promise<OpenedReadModels>): void => {
  describe(name, () => {
    let opened: OpenedReadModels
    let sequence = 0

    const serverOf = (schema: string): ReadModelServer => {
      const server = opened.servers.find(({ shards }) => shards.includes(schema))
      if (server === undefined) throw new Error(`${schema} is nowhere`)
      return server
    }
    const onEach = (statement: (schema: string) => string) =>
      Promise.all(
        opened.shards.all.map((schema) => serverOf(schema).transaction((sql) => sql.query(statement(schema)))),
      )
    /** Moves a shard's cursor on in a transaction; tells to where. */
    const move = async (sql: Sql, schema: string): Promise<string> => {
      await sql.query(
        `insert into ${schema}.cursors (projection, log, sequence) values ('payments', 0, $1)
         on conflict (projection, log, part) do update set sequence = excluded.sequence`,
        [++sequence],
      )
      return String(sequence)
    }
    const insert = (sql: Sql, schema: string, id: string, n: bigint | number = 1) =>
      sql.query(`insert into ${schema}.contract values ($1, $2, '2026-03-01', '2026-03-01T01:02:03.004Z')`, [id, n])
    const idsIn = async (schema: string): Promise<readonly string[]> => {
      const rows = await serverOf(schema).transaction((sql) =>
        sql.query<{ id: string }>(`select id from ${schema}.contract order by id`, []),
      )
      return rows.map(({ id }) => id)
    }
    const selection = (schemas: readonly string[], more: Partial<Selection<Row>> = {}): Selection<Row> => ({
      projection: 'payments',
      schemas,
      select: (schema, condition) => `select id, n, day, at from ${schema}.contract where ${condition}`,
      where: where(['true']),
      order,
      ...more,
    })
    const first = 'shard_0'
    const read = async (more: Selection<Row>, wanted: string) => {
      const { position, rows } = await snapshot(opened.shards, more, wanted)
      return { position, rows: rows.map(({ id, n, day, at }) => ({ id, n, day, at })) }
    }

    beforeAll(async () => {
      opened = await open()
      for (const server of opened.servers) await migrate(server)
      await onEach(
        (schema) => `
          drop table if exists ${schema}.contract;
          create table ${schema}.contract
            (id text, n bigint not null, day date not null, at timestamptz not null, primary key (id, n));
          delete from ${schema}.cursors`,
      )
    })
    afterAll(async () => {
      await onEach((schema) => `drop table if exists ${schema}.contract; delete from ${schema}.cursors`)
      await opened.close()
    })

    test('each shard is on one server, and everybody finds a merchant in the same one', () => {
      const { servers, shards } = opened
      expect(servers.flatMap((server) => server.shards).sort()).toEqual([...shards.all].sort())
      for (const server of servers) {
        expect(server.shardCount).toBe(shards.all.length)
        for (const merchantId of ['1042', '7', 'shop_a', '98765432109876543210'])
          expect(server.shardOf(merchantId)).toBe(shards.of(merchantId))
      }
      expect(shards.all).toContain(shards.of('1042'))
    })

    test('int8 is a bigint, date its text, timestamptz a Date', async () => {
      const text = `select $1::int8 as n, '2026-03-01'::date as day, '2026-03-01T01:02:03.004+00'::timestamptz as at`
      const values = ['9007199254740993']
      const row = { n: 9_007_199_254_740_993n, day: '2026-03-01', at: new Date('2026-03-01T01:02:03.004Z') }
      expect(await serverOf(first).transaction((sql) => sql.query(text, values))).toEqual([row])
      for (const more of [{}, { name: 'contract types' }])
        expect(await opened.shards.ask({ schemas: [first], statement: () => ({ text, values, ...more }) })).toEqual([
          [row],
        ])
    })

    test('a transaction commits all or nothing', async () => {
      const server = serverOf(first)
      await server.transaction(async (sql) => {
        await insert(sql, first, 'all 1')
        await insert(sql, first, 'all 2')
      })
      const nothing = server.transaction(async (sql) => {
        await insert(sql, first, 'nothing')
        throw new RangeError('changed its mind')
      })
      await expect(nothing).rejects.toThrow(RangeError)
      const fault = server.transaction(async (sql) => {
        await insert(sql, first, 'nothing')
        await insert(sql, first, 'all 1')
      })
      await expect(fault).rejects.toThrow(/duplicate key/)
      expect(await idsIn(first)).toEqual(['all 1', 'all 2'])
    })

    test('a savepoint is done or not, and the rest goes on', async () => {
      await onEach((schema) => `delete from ${schema}.contract`)
      await serverOf(first).transaction(async (sql) => {
        await insert(sql, first, 'before')
        await sql.savepoint(() => insert(sql, first, 'inside'))
        await expect(
          sql.savepoint(async () => {
            await insert(sql, first, 'undone')
            await insert(sql, first, 'before')
          }),
        ).rejects.toThrow(/duplicate key/)
        await insert(sql, first, 'after')
      })
      expect(await idsIn(first)).toEqual(['after', 'before', 'inside'])
    })

    test('statements run in the order in which they were asked for, and none after a failure', async () => {
      await onEach((schema) => `delete from ${schema}.contract`)
      const server = serverOf(first)
      const counts = await server.transaction((sql) =>
        Promise.all(
          [1, 2, 3].map(async (n) => {
            const inserted = insert(sql, first, `row ${n}`)
            const counted = sql.query<{ count: bigint }>(`select count(*) from ${first}.contract`, [])
            await inserted
            return (await counted)[0]?.count
          }),
        ),
      )
      expect(counts).toEqual([1n, 2n, 3n])
      const results = await server
        .transaction((sql) =>
          Promise.allSettled([insert(sql, first, 'row 1'), insert(sql, first, 'unsent')]).then((all) => {
            expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
            throw new RangeError('as expected')
          }),
        )
        .catch(String)
      expect(results).toMatch(/as expected/)
      expect(await idsIn(first)).toEqual(['row 1', 'row 2', 'row 3'])
    })

    test('copy brings many rows', async () => {
      await onEach((schema) => `delete from ${schema}.contract`)
      const rows = Array.from({ length: 5_000 }, (_, n) => `copied\t${n}\t2026-03-01\t2026-03-01T00:00:00Z\n`)
      await serverOf(first).transaction((sql) => sql.copy(`copy ${first}.contract from stdin`, rows.join('')))
      expect(await idsIn(first)).toHaveLength(5_000)
      const faulty = serverOf(first).transaction((sql) => sql.copy(`copy ${first}.contract from stdin`, 'no\trow\n'))
      await expect(faulty).rejects.not.toBeInstanceOf(StoreUnavailable)
      expect(await idsIn(first)).toHaveLength(5_000)
    })

    test('what is wrong with the data is told from what is wrong with the store', async () => {
      const failure = (text: string, values: readonly unknown[] = []) =>
        serverOf(first)
          .transaction((sql) => sql.query(text, values))
          .catch((error: unknown) => error)
      expect(await failure('select $1::int8', ['seven'])).not.toBeInstanceOf(StoreUnavailable)
      expect(await failure('select 1 / $1::int8', [0])).not.toBeInstanceOf(StoreUnavailable)
      expect(await failure('select from nowhere.nothing')).toBeInstanceOf(StoreUnavailable)
      expect(await failure('select pg_terminate_backend(pg_backend_pid())')).toBeInstanceOf(StoreUnavailable)
      let kept: Sql | undefined
      await serverOf(first).transaction(async (sql) => {
        kept = sql
      })
      await expect(kept?.query('select 1')).rejects.toThrow(StoreUnavailable)
    })

    test('whoever reads cannot write', async () => {
      const writing = opened.shards.ask({
        schemas: [first],
        statement: () => ({ text: `delete from ${first}.contract`, values: [] }),
      })
      await expect(writing).rejects.toThrow(/read-only/)
    })

    test('both work again after all connections were lost', async () => {
      await onEach((schema) => `delete from ${schema}.contract`)
      await opened.loseConnections()
      await serverOf(first).transaction((sql) => insert(sql, first, 'again'))
      expect(await idsIn(first)).toEqual(['again'])
      const statement = () => ({ text: 'select 1 as one', values: [] })
      const ask = () => opened.shards.ask({ schemas: opened.shards.all, statement }).catch(() => [])
      await expect.poll(ask, { timeout: 20_000 }).toEqual(opened.servers.map(() => [{ one: 1 }]))
    })

    test('rows and cursor are of one snapshot, and never older than what was asked for', async () => {
      await onEach((schema) => `delete from ${schema}.contract; delete from ${schema}.cursors`)
      sequence = 0
      const seen = new Set<number>()
      let written = 0
      let isOver = false
      // Long enough to be read in between, however long a read takes.
      const write = async (): Promise<void> => {
        for (let n = 1; n <= 150 || (seen.size < 3 && n <= 10_000); n++) {
          await serverOf(first).transaction(async (sql) => {
            await move(sql, first)
            await insert(sql, first, 'counted', sequence)
          })
          written = n
        }
      }
      const writing = write().finally(() => (isOver = true))
      // Before the first one a replica may still have what was deleted.
      await expect.poll(() => written, { timeout: 20_000 }).toBeGreaterThan(0)
      while (!isOver) {
        const wanted = String(written)
        const { position, rows } = await snapshot(opened.shards, selection([first]), wanted)
        expect(rows).toHaveLength(Number(position))
        expect(Number(position)).toBeGreaterThanOrEqual(Number(wanted))
        seen.add(rows.length)
      }
      await writing
      expect(seen.size).toBeGreaterThan(2)
    })

    test('rows of all servers come in one order and up to the limit, and speak of the lowest position', async () => {
      await onEach((schema) => `delete from ${schema}.contract; delete from ${schema}.cursors`)
      sequence = 1_000
      const { all } = opened.shards
      const ids = ['a', 'B', 'ä', '_', '-', 'aa', '\u{fb01}', '\u{1f600}', 'Z9', '']
      const rows: Row[] = []
      const positions: string[] = []
      for (const [shard, schema] of all.entries()) {
        const own = ids.map((id, n) => ({
          id: `${id}${shard % 2}`,
          n: BigInt(shard * 100 + n) * 4_000_000_000n,
          day: `2026-03-0${1 + ((n + shard) % 3)}`,
          at: new Date(Date.UTC(2026, 2, 1, n, shard)),
        }))
        rows.push(...own)
        await serverOf(schema).transaction(async (sql) => {
          for (const { id, n, day, at } of own)
            await sql.query(`insert into ${schema}.contract values ($1, $2, $3, $4)`, [id, n, day, at])
          positions.push(await move(sql, schema))
        })
      }
      const expected = rows.toSorted(comparing(order))
      const wanted = positions[0] ?? ''
      // A replica that has come to the first shard's position may not have come to the others' rows yet.
      await expect
        .poll(async () => (await read(selection(all), wanted)).rows.length, { timeout: 20_000 })
        .toBe(rows.length)
      expect(await read(selection(all), wanted)).toEqual({ position: wanted, rows: expected })
      expect((await read(selection(all, { limit: 7 }), wanted)).rows).toEqual(expected.slice(0, 7))
      const descending: Order<Row> = [
        ['at', 'desc'],
        ['id', 'desc'],
      ]
      expect((await read(selection(all, { order: descending, limit: 12 }), wanted)).rows).toEqual(
        rows.toSorted(comparing(descending)).slice(0, 12),
      )
      const last = all.at(-1) ?? ''
      expect((await read(selection([last]), positions.at(-1) ?? '')).position).toBe(positions.at(-1))
    })
  })
}
