import { describeEventStore } from '../contracts/event-store.ts'
import { running } from '../testing/running.ts'
import { openEventStoreDb } from './event-store.ts'
import { onServers } from './test-server/on-servers.ts'

/** `TEST_EVENTSTOREDB=esdb://127.0.0.1:2113?tls=false` for a server that runs already; nobody else may write to it meanwhile. */
const elsewhere = running('TEST_EVENTSTOREDB')

describeEventStore('EventStoreDB', () =>
  onServers(elsewhere === undefined ? 1 : 0, ([connectionString = elsewhere ?? '']) =>
    openEventStoreDb({ connectionString }),
  ),
)
