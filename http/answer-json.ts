import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { acceptsGzip, gzip, gzipThreshold } from './gzip.ts'
import { headerOf } from './headers.ts'

/**
 * Answers with JSON text, compressed when it has more than 1 KiB and the client takes gzip. The ETag stays strong: it
 * names the revision, which a client sends back in If-Match however the bytes were packed.
 */
export const answerJson = (
  c: Context,
  text: string,
  status: ContentfulStatusCode = 200,
  headers: Readonly<Record<string, string>> = {},
): Response | Promise<Response> => {
  const plain = { 'Content-Type': 'application/json', Vary: 'Accept-Encoding', ...headers }
  // A character is one to three bytes; near the threshold it does not matter.
  if (text.length <= gzipThreshold || !acceptsGzip(headerOf(c, 'accept-encoding'))) {
    return c.body(text, status, { ...plain, 'Content-Length': String(Buffer.byteLength(text)) })
  }
  return gzip(text).then((packed) => c.body(new Uint8Array(packed), status, { ...plain, 'Content-Encoding': 'gzip' }))
}
