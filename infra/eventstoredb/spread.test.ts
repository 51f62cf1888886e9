import { describeEventStore } from '../contracts/event-store.ts'
import { spreadStores } from '../spread-stores.ts'
import { openEventStoreDb } from './event-store.ts'
import { onServers } from './test-server/on-servers.ts'

describeEventStore('three EventStoreDBs as one', () =>
  onServers(3, (servers) =>
    spreadStores(servers.map((connectionString, log) => openEventStoreDb({ connectionString, log }))),
  ),
)
