import type { Context } from 'hono'
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

/** Sets a header of the answer before there is one. On Node's own response where there is one, so that it stays whatever the route returns. */
export const setHeader = (c: Context, name: string, value: string): void => {
  const outgoing = nodeOf(c)?.outgoing
  if (outgoing === undefined) c.header(name, value)
  else outgoing.setHeader(name, value)
}
