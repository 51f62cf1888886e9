import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openServers } from '../../app/engines/read-models.ts'
import { loadConfig } from '../config/load-config.ts'
import { createLogger } from '../logging/logger.ts'
import { type Authority, isOpensslHere, makeAuthority } from '../testing/certificates.ts'
import { type PostgresServer, startPostgres } from './server.ts'
import { closeShardServers, isReadable, type ShardServers } from './shard-servers.ts'
import { emptyData, poolSettings } from './testing/test-postgres.ts'

const isFirstReadable = async ({ servers: [first] }: ShardServers): Promise<boolean> =>
  first !== undefined && isReadable(first)

describe.skipIf(!isOpensslHere)('a PostgreSQL that takes encrypted connections alone', () => {
  let trusted: Authority
  let unknown: Authority
  let data = ''
  let server: PostgresServer
  let settings: Readonly<Record<string, string>>

  beforeAll(async () => {
    trusted = await makeAuthority()
    unknown = await makeAuthority()
    const { cert, key } = await trusted.certify()
    data = await emptyData()
    const file = (name: string): string => join(data, 'postgres', name)
    await writeFile(file('server.crt'), cert)
    await writeFile(file('server.key'), key, { mode: 0o600 })
    await writeFile(file('pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n')
    server = await startPostgres(data, 0, { ssl: 'on', shared_buffers: '32MB' })
    const { port, user, password, database } = server.connection
    settings = {
      READ_MODELS: 'postgres',
      SHARDS: '2',
      DB_HOST: `127.0.0.1:${port}`,
      DB_USER: user,
      DB_PASSWORD: password,
      DB_NAME: database,
      DB_TLS: 'true',
      DB_TLS_CA: trusted.caPath,
      DB_CONNECTION_TIMEOUT: '3000',
    }
  })
  afterAll(async () => {
    await trusted.remove()
    await unknown.remove()
    await server.stop()
    await rm(data, { recursive: true, force: true })
  })

  const openBy = (more: Readonly<Record<string, string>> = {}) => {
    const options = { ...poolSettings, min: 0, readOnly: false }
    const config = loadConfig({ ...settings, ...more, LOG_LEVEL: 'silent' })
    const servers = openServers(config, createLogger(config, 'test'), options)
    onTestFinished(() => closeShardServers(servers))
    return servers
  }
  const elsewhere = (): string => settings['DB_HOST']?.replace('127.0.0.1', 'localhost') ?? ''

  test('is read and written', async () => {
    const servers = openBy()
    const text = 'select ssl, version from pg_stat_ssl where pid = pg_backend_pid()'
    const expected = [{ ssl: true, version: expect.stringMatching(/^TLSv1\.[23]$/) }]
    expect(await servers.servers[0]?.read({ text, values: [] }, {})).toEqual(expected)
    const client = await servers.servers[0]?.connect()
    expect((await client?.query(text))?.rows).toEqual(expected)
    client?.release()
  })

  test('is the one of several hosts that is used, where the others have not the right certificate', async () => {
    const servers = openBy({ DB_HOST: `${elsewhere()},${settings['DB_HOST']}` })
    expect(await isFirstReadable(servers)).toBe(true)
    const client = await servers.servers[0]?.connect()
    expect((await client?.query('select 1 as one'))?.rows).toEqual([{ one: 1 }])
    client?.release()
  })

  test.each([
    ['a wrong password', () => ({ DB_PASSWORD: 'b' }), /password authentication failed/],
    ['an unknown authority', () => ({ DB_TLS_CA: unknown.caPath }), /certificate/],
    ['the certificate of another host', () => ({ DB_HOST: elsewhere() }), /does not match certificate/],
    ['no encryption', () => ({ DB_TLS: 'false', DB_TLS_CA: '' }), /no encryption/],
  ])('with %s is not there, and says why', async (_, more, why) => {
    const servers = openBy(more())
    await expect(isFirstReadable(servers)).rejects.toThrow(why)
    await expect(servers.servers[0]?.connect()).rejects.toThrow(why)
  })

  test('also as one of several hosts', async () => {
    const servers = openBy({ DB_HOST: `${elsewhere()},${settings['DB_HOST']}`, DB_TLS_CA: unknown.caPath })
    await expect(isFirstReadable(servers)).rejects.toThrow(/certificate/)
    await expect(servers.servers[0]?.connect()).rejects.toThrow(/certificate/)
  })
})
