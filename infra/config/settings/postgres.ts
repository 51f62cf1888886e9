import { certificates, flag, milliseconds, optional, port, secret, text, whole } from './kinds.ts'

export const postgres = {
  DB_HOST: text(
    'host[:port] of a server: its primary and its replicas, in any order, with commas between',
    '127.0.0.1',
  ),
  DB_PORT: optional(port('The port of hosts that are named without one; 0 for a free one of the embedded PostgreSQL')),
  DB_NAME: text('The database', 'postgres'),
  DB_USER: text('Who we are there', 'daybook'),
  DB_PASSWORD: secret('Our password; required with READ_MODELS=postgres'),
  DB_POOL_MIN: optional(whole(0, 10_000, 'How many connections a process keeps open to a server')),
  DB_POOL_MAX: optional(whole(1, 10_000, 'How many connections a process opens to a server at most')),
  DB_CONNECTION_TIMEOUT: milliseconds('How long to wait for a connection, in milliseconds', 5_000),
  DB_IDLE_TIMEOUT: milliseconds('When a connection that nobody uses is closed, in milliseconds', 30_000),
  DB_TLS: flag('Whether connections are encrypted'),
  DB_TLS_CA: certificates("A PEM file of who signs the servers' certificates; absent: those that Node trusts"),
  SHARDS: whole(1, 1_000, 'How many shards the read models have; fixed once data is there', 10),
  SHARD_MAP: optional(text('Which server has which shards: 0-4=pg-a,pg-a2;5-9=pg-b,pg-b2; absent: DB_HOST has all')),
}
