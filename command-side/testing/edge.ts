import { Hono } from 'hono'
import { authenticate } from '../../http/authenticate.ts'
import { notFound } from '../../http/not-found.ts'
import type { Edge, Principal } from '../../http/principal.ts'
import { onError } from '../../http/problem-response.ts'
import { trace } from '../../http/trace.ts'

/** Tokens for tests say who they are: `merchant.1042`, `operator`, `finance`, `auditor`. */
const principalOf = (authorization: string | undefined): Principal | undefined => {
  const [role, merchantId] = (authorization ?? '').replace('Bearer ', '').split('.')
  if (role === 'merchant' && merchantId !== undefined) return { role, merchantId, keyId: 'test' }
  if (role === 'operator' || role === 'finance' || role === 'auditor') return { role, keyId: 'test' }
  return undefined
}

/** Routes behind the edge that the application has, with keys for tests. */
export const behindEdge = (failed: (fields: unknown) => void, routes: Hono<Edge>): Hono<Edge> => {
  const app = new Hono<Edge>()
  app.onError(onError({ error: failed }))
  app.notFound(notFound(app))
  app.use(
    trace(),
    authenticate((authorization) => Promise.resolve(principalOf(authorization))),
  )
  app.route('/', routes)
  return app
}
