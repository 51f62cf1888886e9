import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from 'hono'

/** Node's side of a request, there when it came over a socket and not from a test. */
type NodeBindings = {
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
  /** Headers of the answer that were set before there was one. */
  early?: Record<string, string> | undefined
}

export const nodeOf = (c: Context): NodeBindings | undefined => {
  const bindings = c.env as Partial<NodeBindings> | undefined
  return bindings?.incoming === undefined ? undefined : (bindings as NodeBindings)
}

/** The address a request came from; '' when it did not come over a socket. */
export const addressOf = (c: Context): string => nodeOf(c)?.incoming.socket.remoteAddress ?? ''
