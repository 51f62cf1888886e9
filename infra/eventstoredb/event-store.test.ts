import { describeEventStore } from '../contracts/event-store.ts'
import { openEventStoreDb } from './event-store.ts'
import { onServers } from './test-server/on-servers.ts'

/** A server that runs somewhere, for instance `esdb://127.0.0.1:2113?tls=false`; nobody else may write to it meanwhile. */
const elsewhere = process.env['TEST_EVENTSTOREDB']

describeEventStore('EventStoreDB', () =>
  onServers(elsewhere === undefined ? 1 : 0, ([connectionString = elsewhere ?? '']) =>
    openEventStoreDb({ connectionString }),
  ),
)
