import type { MiddlewareHandler } from 'hono'
import { headerOf, setHeader } from './headers.ts'
import type { Edge } from './principal.ts'
import { randomHex } from './random-hex.ts'

// Version 00 ends here; later ones may go on, ff is none.
const traceparent =
  /^(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:$|-)/

/** Goes on with the trace that W3C `traceparent` names, or begins one; answers with `traceparent`. */
export const trace = (): MiddlewareHandler<Edge> => {
  const random = randomHex()
  return (c, next) => {
    const given = traceparent.exec(headerOf(c, 'traceparent') ?? '')
    const traceId = given?.[1] ?? random(16)
    c.set('traceId', traceId)
    setHeader(c, 'traceparent', `00-${traceId}-${random(8)}-${given?.[2] ?? '00'}`)
    return next()
  }
}
