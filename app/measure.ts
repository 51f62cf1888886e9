import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Metrics } from '../infra/metrics/metrics.ts'

/** Counts answered requests under their route's pattern; what no route answers goes under `none`. */
export const measure =
  (metrics: Pick<Metrics, 'httpRequest'>): MiddlewareHandler =>
  async (c, next) => {
    const startedAt = performance.now()
    await next()
    const pattern = routePath(c, -1)
    const route = pattern.endsWith('*') ? 'none' : pattern
    metrics.httpRequest(c.req.method, route, c.res.status, (performance.now() - startedAt) / 1_000)
  }
