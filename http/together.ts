import type { MiddlewareHandler, Next } from 'hono'
import type { Edge } from './principal.ts'

/**
 * Several middlewares as one, the first outermost: hono's own step from one to the next costs two promises. What an
 * inner one throws, unlike what comes from the routes, passes by what an outer one does after `next`.
 */
export const together = (...all: readonly MiddlewareHandler<Edge>[]): MiddlewareHandler<Edge> =>
  all.reduceRight((inner, outer) => (c, next) => outer(c, (() => inner(c, next)) as Next))
