import { randomInt } from 'node:crypto'
import pg from 'pg'
import type { TpcbLoad } from './pgbench.ts'

const tables = `
  create table branches (bid integer not null, bbalance integer not null, filler char(88)) with (fillfactor = 100);
  create table tellers (tid integer not null, bid integer not null, tbalance integer not null, filler char(84));
  create table accounts (aid integer not null, bid integer not null, abalance integer not null, filler char(84));
  create table history (tid integer, bid integer, aid integer, delta integer, mtime timestamp, filler char(22))`

const fill = (scale: number): string => `
  insert into branches select n, 0, '' from generate_series(1, ${scale}) n;
  insert into tellers select n, (n - 1) / 10 + 1, 0, '' from generate_series(1, ${scale} * 10) n;
  insert into accounts select n, (n - 1) / 100000 + 1, 0, '' from generate_series(1, ${scale} * 100000) n;
  alter table branches add primary key (bid);
  alter table tellers add primary key (tid);
  alter table accounts add primary key (aid);
  vacuum analyze`

const transfer = async (client: pg.Client, scale: number): Promise<void> => {
  const [bid, tid, aid] = [randomInt(1, scale + 1), randomInt(1, scale * 10 + 1), randomInt(1, scale * 100_000 + 1)]
  const delta = randomInt(-5_000, 5_001)
  const step = (name: string, text: string, values: readonly number[]) =>
    client.query({ name, text, values: [...values] })
  await client.query('begin')
  await step('account', 'update accounts set abalance = abalance + $1 where aid = $2', [delta, aid])
  await step('balance', 'select abalance from accounts where aid = $1', [aid])
  await step('teller', 'update tellers set tbalance = tbalance + $1 where tid = $2', [delta, tid])
  await step('branch', 'update branches set bbalance = bbalance + $1 where bid = $2', [delta, bid])
  await step('history', 'insert into history values ($1, $2, $3, $4, current_timestamp)', [tid, bid, aid, delta])
  await client.query('commit')
}

/** TPC-B's transaction by clients in this process: what pgbench does, where there is no pgbench. */
export const tpcbByClient = async ({ connection, scale, clients, seconds }: TpcbLoad): Promise<number> => {
  const all = Array.from({ length: clients }, () => new pg.Client(connection))
  await Promise.all(all.map((client) => client.connect()))
  try {
    await all[0]?.query(tables)
    for (const statement of fill(scale).split(';')) await all[0]?.query(statement)
    const beginMs = performance.now()
    let transfers = 0
    const work = async (client: pg.Client): Promise<void> => {
      while (performance.now() < beginMs + seconds * 1_000) {
        await transfer(client, scale)
        transfers += 1
      }
    }
    await Promise.all(all.map(work))
    return (transfers * 1_000) / (performance.now() - beginMs)
  } finally {
    await Promise.all(all.map((client) => client.end()))
  }
}
