import type { Connection } from '../postgres/pools.ts'
import { ConfigError } from './config-error.ts'
import { tlsOf } from './tls.ts'

const wrong = (what: string): ConfigError =>
  new ConfigError(`KEYS_URL ${what}; it is postgres://user:password@host:port/database`)

const urlIn = (text: string): URL => {
  try {
    return new URL(text)
  } catch {
    throw wrong('is no URL')
  }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('has a % that encodes nothing')
  }
}

const tlsIn = (isEncrypted: boolean, certificates: string | undefined) => {
  try {
    return tlsOf(isEncrypted, certificates)
  } catch (error) {
    throw wrong(`has an sslrootcert which ${error instanceof Error ? error.message : 'cannot be read'}`)
  }
}

/** `sslmode` as PostgreSQL's own clients have it, but that a certificate is always checked. */
const modes: ReadonlyMap<string, boolean> = new Map([
  ['disable', false],
  ['verify-full', true],
])

/** Where the table of keys is. Throws a `ConfigError`, which has nothing of the URL in it. */
export const keysConnection = (text: string): Connection => {
  const { protocol, hostname, port, username, password, pathname, searchParams } = urlIn(text)
  if (protocol !== 'postgres:' && protocol !== 'postgresql:') throw wrong('does not begin with postgres://')
  if (hostname === '' || username === '' || pathname.length < 2) throw wrong('lacks a user, a host or a database')
  const isEncrypted = modes.get(searchParams.get('sslmode') ?? 'disable')
  if (isEncrypted === undefined) throw wrong('has an sslmode that is neither disable nor verify-full')
  const tls = tlsIn(isEncrypted, searchParams.get('sslrootcert') ?? undefined)
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? 5432 : Number(port),
    user: decoded(username),
    password: decoded(password),
    database: decoded(pathname.slice(1)),
    ...(tls === undefined ? {} : { tls }),
  }
}
