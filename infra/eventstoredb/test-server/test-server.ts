import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from '@grpc/grpc-js'
import features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import type shared from '@eventstore/db-client/generated/shared_pb.js'
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { openEventLog } from '../../lmdb/event-log.ts'
import { type Access, admitOnly, encryptedBy } from './access.ts'
import { append } from './append.ts'
import { appendingTo } from './appending.ts'
import { batchAppend } from './batch-append.ts'
import { type Faults, noFaults } from './faults.ts'
import { type Cluster, leadershipOf } from './leadership.ts'
import { read } from './read.ts'

// Speaks enough of EventStoreDB's protocol to test a driver against, with its events in a log of its own. It is no
// engine: nothing but tests may use it.

export type TestServer = {
  readonly connectionString: string
  /** What it is to do wrong. */
  readonly faults: Faults
  stop(): Promise<void>
}

const getSupportedMethods = (
  _: ServerUnaryCall<shared.Empty, features.SupportedMethods>,
  answer: sendUnaryData<features.SupportedMethods>,
): void => {
  const method = new features.SupportedMethod()
  method.setServiceName('event_store.client.streams.streams')
  method.setMethodName('batchappend')
  const supported = new features.SupportedMethods()
  supported.setEventStoreServerVersion('23.10.0')
  supported.addMethods(method)
  answer(null, supported)
}

/**
 * Serves the log in folder `path` on 127.0.0.1, on a free port unless one is given, alone or as a node; with `access`
 * encrypted, and to one user alone.
 */
export const startTestServer = async (
  path: string,
  port = 0,
  cluster?: Cluster,
  access?: Access,
): Promise<TestServer> => {
  const log = openEventLog({ path })
  const interceptors = access === undefined ? [] : [admitOnly(access)]
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024, interceptors })
  server.addService(ServerFeaturesService, { getSupportedMethods })
  const faults = noFaults()
  const appending = appendingTo(log)
  const leadership = leadershipOf(() => bound, cluster)
  server.addService(GossipService, { read: leadership.read })
  server.addService(StreamsService, {
    append: append(appending),
    batchAppend: batchAppend(appending, faults, leadership),
    read: read(log, faults, leadership),
  })
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${port}`,
      access === undefined ? ServerCredentials.createInsecure() : encryptedBy(access),
      (error, given) => (error === null ? resolve(given) : reject(error)),
    )
  })
  return {
    connectionString: access === undefined ? `esdb://127.0.0.1:${bound}?tls=false` : `esdb://127.0.0.1:${bound}`,
    faults,
    stop: async () => {
      server.forceShutdown()
      await log.close()
    },
  }
}
