import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { acceptsGzip, gzip, gzipThreshold } from './gzip.ts'
import { headerOf } from './headers.ts'
import { sendText } from './send-text.ts'

/**
 * Answers with JSON text, compressed when it has more than 1 KiB and the client takes gzip. The ETag stays strong: it
 * names the revision, which a client sends back in If-Match however the bytes were packed. `headers` is taken over.
 */
export const answerJson = (
  c: Context,
  text: string,
  status: ContentfulStatusCode = 200,
  headers: Record<string, string> = {},
): Response | Promise<Response> => {
  headers['Content-Type'] = 'application/json'
  headers['Vary'] = 'Accept-Encoding'
  // A character is one to three bytes; near the threshold it does not matter.
  if (text.length <= gzipThreshold || !acceptsGzip(headerOf(c, 'accept-encoding'))) {
    return sendText(c, text, status, headers)
  }
  headers['Content-Encoding'] = 'gzip'
  return gzip(text).then((packed) => c.body(new Uint8Array(packed), status, headers))
}
