import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrate } from '../../projections/migrate.ts'
import { type ReadModelServer, StoreUnavailable } from '../../projections/read-model-store.ts'
import { type Selection, snapshot } from '../../query-side/snapshot.ts'
import { where } from '../../query-side/where.ts'
import { nameOfHost, type OpenReadModels, openReadModels, placeOf } from './testing/open-read-models.ts'
import { startPrimary, startReplica, type TestHost } from './testing/test-host.ts'

const within = { timeout: 30_000, interval: 50 }
const patiently = { timeout: 180_000 }

let primary: TestHost
let replica: TestHost
let models: OpenReadModels
let server: ReadModelServer

beforeEach(async () => {
  primary = await startPrimary()
  replica = await startReplica(primary)
  models = openReadModels([placeOf([0, 1], [primary, replica])], 2, primary.connection)
  const [opened] = models.servers
  if (opened === undefined) throw new Error('no server')
  server = opened
  await migrate(server)
  await server.transaction((sql) =>
    sql.query(`create table shard_0.written (n bigint primary key);
      insert into shard_0.cursors (projection, log, sequence) values ('payments', 0, 0)`),
  )
  // The commits that were not waited for would not outlive a kill.
  await primary.query('checkpoint')
  await expect.poll(askedReplica, within).toBe(true)
})
afterEach(async () => {
  await models.close()
  await replica.remove()
  await primary.remove()
})

/** A row more, and the cursor with it; the position it is at then. */
const write = (to: ReadModelServer = server): Promise<number> =>
  to.transaction(async (sql) => {
    const [row] = await sql.query<{ sequence: bigint }>(
      `update shard_0.cursors set sequence = sequence + 1 where projection = 'payments' returning sequence`,
      [],
    )
    await sql.query('insert into shard_0.written values ($1)', [row?.sequence])
    return Number(row?.sequence)
  })
/** Whether it was done, and not because of the store. */
const tryToWrite = (): Promise<boolean> =>
  write().then(
    () => true,
    (error: unknown) => {
      expect(error).toBeInstanceOf(StoreUnavailable)
      return false
    },
  )
const writeMany = async (count: number): Promise<number> => {
  let position = 0
  for (let n = 0; n < count; n++) position = await write()
  return position
}

type Row = { readonly n: bigint }
const selection: Selection<Row> = {
  projection: 'payments',
  schemas: ['shard_0'],
  select: (schema, condition) => `select n from ${schema}.written where ${condition}`,
  where: where(['true']),
}
/** Reads all rows, which must be those that the cursor speaks of. */
const read = async (wanted = 0): Promise<number> => {
  const { position, rows } = await snapshot(models.shards, selection, String(wanted))
  expect(rows).toHaveLength(Number(position))
  return Number(position)
}
const askedReplica = async (): Promise<boolean | undefined> => {
  const statement = () => ({ text: 'select pg_is_in_recovery() as replica', values: [] })
  const [rows] = await models.shards.ask<{ replica: boolean }>({ schemas: ['shard_0'], statement })
  return rows?.[0]?.replica
}
const writtenOn = async (host: TestHost): Promise<number> =>
  Number((await host.query('select count(*) from shard_0.written'))[0]?.['count'])

/** Reads on and on, and tells of the first read that was refused. */
const readOn = () => {
  let ended = false
  let reads = 0
  const reading = (async () => {
    while (!ended) {
      await read()
      reads++
    }
  })()
  reading.catch(() => undefined)
  return {
    end: async (): Promise<number> => {
      ended = true
      await reading
      return reads
    },
  }
}

describe('a replica', patiently, () => {
  test('that has not come to a position is not read for it, and for nothing once it is far behind', async () => {
    await replica.query('select pg_wal_replay_pause()')
    for (let n = 0; n < 20; n++) {
      const position = await write()
      expect(await read(position)).toBe(position)
    }
    await expect.poll(() => models.role(nameOfHost(replica)), within).toBe('behind')
    expect(await askedReplica()).toBe(false)
    await replica.query('select pg_wal_replay_resume()')
    await expect.poll(askedReplica, within).toBe(true)
    expect(await read(20)).toBe(20)
  })

  test('that is killed is left out without any read refused, and taken back', async () => {
    await writeMany(10)
    const reading = readOn()
    await replica.kill()
    await expect.poll(() => models.role(nameOfHost(replica)), within).toBe('lost')
    expect(await read(10)).toBe(10)
    await writeMany(10)
    await replica.start()
    await expect.poll(askedReplica, within).toBe(true)
    expect(await reading.end()).toBeGreaterThan(10)
  })

  test('that falls silent is left out without any read refused, and taken back', async () => {
    await writeMany(10)
    const reading = readOn()
    await replica.freeze()
    await expect.poll(() => models.role(nameOfHost(replica)), within).toBe('lost')
    expect(await read(10)).toBe(10)
    await replica.thaw()
    await expect.poll(askedReplica, within).toBe(true)
    expect(await reading.end()).toBeGreaterThan(10)
  })
})

describe('a primary', patiently, () => {
  test('that is killed and started again is written again; reads go on meanwhile', async () => {
    await writeMany(10)
    const reading = readOn()
    await primary.kill()
    expect(await tryToWrite()).toBe(false)
    expect(await askedReplica()).toBe(true)
    await primary.start()
    await expect.poll(tryToWrite, within).toBe(true)
    const position = await writeMany(5)
    expect(await read(position)).toBe(position)
    await reading.end()
  })

  test('whose lagging replica takes its place is missed for moments, and not written when it comes back', async () => {
    await writeMany(10)
    await expect.poll(() => writtenOn(replica), within).toBe(10)
    const [sender] = await primary.query('select pid from pg_stat_replication')
    process.kill(Number(sender?.['pid']), 'SIGSTOP')
    expect(await writeMany(10)).toBe(20)
    expect(await read(20)).toBe(20)

    await primary.kill()
    expect(await tryToWrite()).toBe(false)
    // What only the primary had is missing, rows and cursor, and whoever asks for it is told so.
    expect(await read(20)).toBe(10)
    await replica.promote()
    await expect.poll(tryToWrite, within).toBe(true)
    expect(await read(11)).toBe(11)

    await primary.start()
    await expect.poll(() => models.role(nameOfHost(primary)), within).toBe('oldPrimary')
    const before = await writtenOn(primary)
    // A process that begins now has not seen what happened.
    const late = openReadModels([placeOf([0, 1], [primary, replica])], 2, primary.connection)
    const [lateServer] = late.servers
    for (let n = 0; n < 10; n++) {
      await write()
      await write(lateServer)
    }
    expect(await read(31)).toBe(31)
    await late.close()
    expect([await writtenOn(primary), await writtenOn(replica)]).toEqual([before, 31])
  })

  test('that falls silent is left in bounded time, and not written when it speaks again', async () => {
    await writeMany(10)
    await expect.poll(() => writtenOn(replica), within).toBe(10)
    await primary.freeze()
    expect(await tryToWrite()).toBe(false)
    expect(await read()).toBe(10)
    await replica.promote()
    await expect.poll(tryToWrite, within).toBe(true)
    await primary.thaw()
    await expect.poll(() => models.role(nameOfHost(primary)), within).toBe('oldPrimary')
    await writeMany(10)
    expect(await read(21)).toBe(21)
    expect([await writtenOn(primary), await writtenOn(replica)]).toEqual([10, 21])
  })
})
