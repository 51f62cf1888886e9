import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { nodeOf } from './node-bindings.ts'

/**
 * Answers with text. Over a socket all headers, those that were set early too, go to Node in one object as they stand;
 * hono's `body` would make a `Headers` of them first, and Node's adapter an object of that again. `headers` is taken
 * over.
 */
export const sendText = (
  c: Context,
  text: string,
  status: ContentfulStatusCode,
  headers: Record<string, string>,
): Response => {
  const node = nodeOf(c)
  if (node === undefined) return c.body(text, status, headers)
  for (const name in node.early) headers[name] = node.early[name] ?? ''
  node.early = undefined
  return new Response(text, { status, headers })
}
