import type { Context, MiddlewareHandler, Next } from 'hono'
import { acceptsGzip, gzip, gzipThreshold } from './gzip.ts'
import { headerOf } from './headers.ts'

const textual =
  /^(?:text\/(?:html|css|plain|javascript)|image\/svg\+xml|application\/(?:json|problem\+json|javascript|xml|yaml))/

const isWorthIt = ({ status, headers }: Response): boolean => {
  if (status === 206 || headers.has('Content-Encoding')) return false
  // Where it was made it was found too small.
  if (/accept-encoding/i.test(headers.get('Vary') ?? '')) return false
  if (!textual.test(headers.get('Content-Type') ?? '')) return false
  return Number(headers.get('Content-Length') ?? Number.POSITIVE_INFINITY) > gzipThreshold
}

/**
 * Compresses answers of more than 1 KiB that were not compressed where they were made. For pages and files: it takes the
 * whole body into memory, so what streams (NDJSON, CSV, events) is left alone. ETags stay as they are.
 */
export const compress = (): MiddlewareHandler => (c, next) =>
  c.req.method !== 'HEAD' && acceptsGzip(headerOf(c, 'accept-encoding')) ? compressAfter(c, next) : next()

const compressAfter = async (c: Context, next: Next): Promise<void> => {
  await next()
  if (!isWorthIt(c.res) || c.res.body === null) return
  const { headers, status } = c.res
  const body = new Uint8Array(await c.res.arrayBuffer())
  const small = body.length <= gzipThreshold
  const answer = new Response(small ? body : new Uint8Array(await gzip(body)), { status, headers })
  answer.headers.delete('Content-Length')
  answer.headers.append('Vary', 'Accept-Encoding')
  if (!small) answer.headers.set('Content-Encoding', 'gzip')
  // Without this, hono would copy the old headers over the new.
  c.res = undefined
  c.res = answer
}
