import type { Context, MiddlewareHandler } from 'hono'
import { nodeOf } from './node-bindings.ts'

/**
 * A header of the request, by its name in small letters. From Node's own table where there is one, which is there for
 * nothing; hono's way through a `Request` costs microseconds for each look.
 */
export const headerOf = (c: Context, name: string): string | undefined => {
  const incoming = nodeOf(c)?.incoming
  if (incoming === undefined) return c.req.header(name)
  const value = incoming.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Sets a header of the answer before there is one. It stays whatever the route returns, given `earlyHeaders`. */
export const setHeader = (c: Context, name: string, value: string): void => {
  const node = nodeOf(c)
  if (node === undefined) c.header(name, value)
  else (node.early ??= {})[name] = value
}

/**
 * Gives what was set early to answers that did not take it along (`sendText` does): on Node's own response, which
 * then writes all headers one by one.
 */
export const earlyHeaders = (): MiddlewareHandler => async (c, next) => {
  await next()
  const node = nodeOf(c)
  for (const name in node?.early) node.outgoing.setHeader(name, node.early[name] ?? '')
}
