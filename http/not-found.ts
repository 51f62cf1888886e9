import type { NotFoundHandler } from 'hono'
import type { Edge } from './principal.ts'
import { Problem } from './problem.ts'
import { answerProblem } from './problem-response.ts'

/** The routes of an app, as hono lists them. */
type Routes = { readonly routes: readonly { readonly method: string; readonly path: string }[] }

/** A path that is there, asked with a method it does not have. */
export const methodNotAllowed = (allowed: readonly string[]): Problem =>
  new Problem(405, 'methodNotAllowed', `This path knows ${allowed.join(', ')} only`, {
    headers: { Allow: allowed.join(', ') },
  })

const nothingThere = (): Problem => new Problem(404, 'notFound', 'There is nothing at this address')

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll('.', '\\.').replace(/:[^/]+/g, '[^/]+')}$`)

/** What answers when no route does: 405 `methodNotAllowed` where the path has routes for other methods, else 404 `notFound`. */
export const notFound = (app: Routes): NotFoundHandler<Edge> => {
  let known: { readonly method: string; readonly pattern: RegExp }[] | undefined
  return (c) => {
    // Routes are added after this handler is, so they are looked at when first needed.
    known ??= app.routes
      .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
      .map(({ method, path }) => ({ method, pattern: patternOf(path) }))
    const methods = known.filter(({ pattern }) => pattern.test(c.req.path)).map(({ method }) => method)
    if (methods.includes('GET')) methods.push('HEAD')
    const elsewhere = methods.length > 0 && !methods.includes(c.req.method)
    return answerProblem(c, elsewhere ? methodNotAllowed([...new Set(methods)].sort()) : nothingThere())
  }
}
