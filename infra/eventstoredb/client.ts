import type { BaseOptions, EventStoreDBClient } from '@eventstore/db-client'
import type { CallOptions, Channel, Client, Metadata } from '@grpc/grpc-js'

type Stub<C extends Client> = new (address: string, credentials: never, options?: never) => C

/**
 * What the client keeps for its own methods and the driver needs too: its one connection, which it finds again when it is
 * lost or its node leads no more.
 */
export type Inner = {
  /** Opens a stream of the client's on its connection, `create` again after that was lost. */
  GRPCStreamCreator<C extends Client, S>(stub: Stub<C>, name: string, create: (stub: C) => S): () => Promise<S>
  callArguments(options: BaseOptions, call?: CallOptions): [Metadata, CallOptions]
  getChannel(): Promise<Channel>
  handleError(stub: Client, error: Error): Promise<void>
}

export const innerOf = (client: EventStoreDBClient): Inner => client as unknown as Inner
