import { once } from 'node:events'
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HttpBindings, createAdaptorServer } from '@hono/node-server'
import { StartError, codeOf, messageOf } from './start-error.ts'

/** Answers requests; hono's `fetch` is one. */
export type Handler = (request: Request, bindings: HttpBindings) => Response | Promise<Response>

/** A port that is listened on. */
export type Listener = {
  readonly port: number
  /** Has `handler` answer from now on. */
  serve(handler: Handler): void
  /** Takes no more requests and waits for those under way, `timeoutMs` at most; then cuts them. Once only. */
  stop(timeoutMs: number): Promise<void>
}

const limits = {
  headersTimeout: 15_000,
  /** For a whole request: a large batch over a slow line takes its time. */
  requestTimeout: 300_000,
  /** Longer than load balancers keep their side, so that they never send into a connection that is closing. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
}

const explain = (error: unknown, { host, port, variable }: Address): string => {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `port ${port} is taken: end what listens there or set ${variable} to another port`
    case 'EACCES':
      return `port ${port} needs more rights: set ${variable} to a port from 1024`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: set HOST to another one`
    default:
      return `port ${port} cannot be listened on: ${messageOf(error)}`
  }
}

const stop = async (server: Server, timeoutMs: number): Promise<void> => {
  const closed = once(server, 'close')
  server.close()
  const deadline = Date.now() + timeoutMs
  const ended = closed.then(() => true)
  while (!(await Promise.race([ended, sleep(20, false)]))) {
    // A connection that was busy when the server closed turns idle later.
    if (Date.now() < deadline) server.closeIdleConnections()
    else server.closeAllConnections()
  }
}

/** `variable` is the setting that chose the port. */
export type Address = { readonly host: string; readonly port: number; readonly variable: string }

/** Listens on the port, 0 for a free one; throws a `StartError` that says why it cannot. */
export const listen = async (address: Address, first: Handler): Promise<Listener> => {
  let current = first
  const server = createAdaptorServer({
    fetch: (request, bindings) => current(request, bindings as HttpBindings),
    serverOptions: limits,
  }) as Server
  server.listen(address.port, address.host)
  await once(server, 'listening').catch((error: unknown) => {
    throw new StartError(explain(error, address))
  })
  const bound = server.address()
  let stopped: Promise<void> | undefined
  return {
    port: typeof bound === 'object' && bound ? bound.port : address.port,
    serve(handler) {
      current = handler
    },
    stop: (timeoutMs) => (stopped ??= stop(server, timeoutMs)),
  }
}
