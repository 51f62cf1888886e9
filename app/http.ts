import { Hono } from 'hono'
import { authenticate } from '../http/authenticate.ts'
import { compress } from '../http/compress.ts'
import { earlyHeaders } from '../http/headers.ts'
import { notFound } from '../http/not-found.ts'
import type { Authenticator, Edge } from '../http/principal.ts'
import { type ErrorLog, onError } from '../http/problem-response.ts'
import { type RateLimiter, rateLimit } from '../http/rate-limit.ts'
import { together } from '../http/together.ts'
import { trace } from '../http/trace.ts'
import type { Metrics } from '../infra/metrics/metrics.ts'
import { measure } from './measure.ts'

export type Origin = {
  /** For anybody: health, readiness, documents. */
  readonly open: readonly Hono<Edge>[]
  /** For those who have a key. */
  readonly closed: readonly Hono<Edge>[]
  readonly authenticator: Authenticator
  readonly limiter: RateLimiter | undefined
  readonly metrics: Pick<Metrics, 'httpRequest'>
  readonly log: ErrorLog
}

/** Puts routes of both sides behind one origin. */
export const createHttp = ({ open, closed, authenticator, limiter, metrics, log }: Origin): Hono<Edge> => {
  const app = new Hono<Edge>()
  app.onError(onError(log))
  app.notFound(notFound(app))
  app.use(together(earlyHeaders(), trace(), measure(metrics), compress()))
  for (const routes of open) app.route('/', routes)
  app.use('/v1/*', together(authenticate(authenticator, limiter), rateLimit(limiter)))
  for (const routes of closed) app.route('/', routes)
  return app
}
