import type { Context } from 'hono'
import type { Role } from '../../domain/merchant/role.ts'
import { requireRole } from '../../http/authenticate.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { projectionNames } from './rebuild-desk.ts'

/** The projection in the path; 403 for who has none of the roles, 404 for a name that is none. */
export const projectionIn = (c: Context<Edge>, ...roles: readonly Role[]): string => {
  requireRole(c.get('principal'), ...roles)
  const name = c.req.param('projection') ?? ''
  if (projectionNames.some((each) => each === name)) return name
  throw new Problem(404, 'notFound', `There is no projection of this name: it is one of ${projectionNames.join(', ')}`)
}
