import { hostList } from '../../config/host-list.ts'
import { loadConfig } from '../../config/load-config.ts'
import { type TlsSettings, tlsOf } from '../../config/tls.ts'
import type { Host } from '../../host.ts'
import { running, settingsOf } from '../../testing/running.ts'
import type { Connection } from '../pools.ts'

/** A server by all its hosts, the primary and its replicas in any order, and who we are there. */
export type PostgresPlace = {
  readonly hosts: readonly Host[]
  readonly login: Omit<Connection, 'host' | 'port'>
}

const pattern = /^postgres(?:ql)?:\/\/([^:@/\s]+)(?::([^@/\s]*))?@([^/?\s]+)(?:\/([^?\s]*))?$/

/** Reads `postgres://user:password@host:port,host:port/database`, which no URL parser takes with more than one host. */
const postgresPlace = (url: string, tls?: TlsSettings): PostgresPlace => {
  const [, user, password = '', hosts, database = ''] = pattern.exec(url) ?? []
  // Without the text itself: it has a password.
  if (user === undefined || hosts === undefined)
    throw new RangeError('a server is named as postgres://user:password@host:port/database')
  return {
    hosts: hostList(hosts, 5432),
    login: {
      user: decodeURIComponent(user),
      password: decodeURIComponent(password),
      database: database === '' ? 'postgres' : decodeURIComponent(database),
      ...(tls === undefined ? {} : { tls }),
    },
  }
}

/**
 * `TEST_POSTGRES=postgres://…` for a server that runs already, with a role that may make databases. `DB_TLS` and
 * `DB_TLS_CA` say how to get in, as to Daybook.
 */
export const runningPostgres = (): PostgresPlace | undefined => {
  const url = running('TEST_POSTGRES')
  if (url === undefined) return undefined
  const { DB_TLS, DB_TLS_CA } = settingsOf('DB_')
  const config = loadConfig({ DB_TLS, DB_TLS_CA, READ_MODELS: 'postgres', DB_PASSWORD: 'in the URL' })
  return postgresPlace(url, tlsOf(config.DB_TLS, config.DB_TLS_CA))
}
