import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenedEventStore, StoreAndFeed } from '../../contracts/event-store.ts'
import { startTestServer } from './test-server.ts'

type Closable = StoreAndFeed & { close(): Promise<void> }

/** A store for the contract on so many test servers, whose connection strings `open` gets. */
export const onServers = async (
  count: number,
  open: (connectionStrings: readonly string[]) => Closable,
): Promise<OpenedEventStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-esdb-'))
  const starting = Array.from({ length: count }, (_, n) => startTestServer(join(folder, `log-${n}`)))
  const servers = await Promise.all(starting)
  const begin = (): Closable => open(servers.map(({ connectionString }) => connectionString))
  let store = begin()
  return {
    store,
    reopen: async () => {
      await store.close()
      store = begin()
      return store
    },
    close: async () => {
      await store.close()
      for (const server of servers) await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
