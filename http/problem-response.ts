import type { Context, ErrorHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { EventStoreUnavailable } from './event-store-unavailable.ts'
import { json } from './json.ts'
import { KeyStoreUnavailable } from './key-store-unavailable.ts'
import type { Edge } from './principal.ts'
import { type Fault, Problem } from './problem.ts'
import { UnreadableEvent } from './unreadable-event.ts'

/** A problem as it is sent (RFC 9457), with its extra members such as `decline`. */
export type ProblemBody = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly errors: readonly Fault[]
  readonly traceId: string
  readonly [member: string]: unknown
}

/** What a logger has to offer; pino's fits. */
export type ErrorLog = { error(fields: Readonly<Record<string, unknown>>, message: string): void }

const mediaType = 'application/problem+json'

/** `idempotencyKeyReused` reads "Idempotency key reused". */
const titleOf = (code: string): string => {
  const words = code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The members of the problem's body, in the order in which they are sent. */
export const problemBody = (problem: Problem, traceId: string): ProblemBody => ({
  type: `/docs/problems#${problem.code}`,
  title: titleOf(problem.code),
  status: problem.status,
  detail: problem.detail,
  code: problem.code,
  errors: problem.errors,
  traceId,
  ...problem.members,
})

/** The problem as an answer of its own. */
export const problemResponse = (problem: Problem, traceId: string): Response =>
  new Response(json(problemBody(problem, traceId)), {
    status: problem.status,
    headers: { 'Content-Type': mediaType, ...problem.headers },
  })

/** Answers with the problem and keeps the headers that were set before it. */
export const answerProblem = (c: Context<Edge>, problem: Problem): Response =>
  c.body(json(problemBody(problem, c.get('traceId') ?? '')), problem.status as ContentfulStatusCode, {
    'Content-Type': mediaType,
    ...problem.headers,
  })

/** Whether it is no answer to the client's own doing. */
const isOurs = (error: unknown): boolean =>
  !(error instanceof Problem) ||
  error instanceof EventStoreUnavailable ||
  error instanceof KeyStoreUnavailable ||
  error instanceof UnreadableEvent

/**
 * The problem that stands for something thrown: a `Problem` itself, anything else is a 500 `internalError` that tells the
 * client only its trace id. `tell` is called for what is no answer to the client's own doing: a fault of ours, an event
 * store or keys that are away, an event that cannot be read.
 */
export const problemFor = (error: unknown, tell: () => void): Problem => {
  if (isOurs(error)) tell()
  if (error instanceof Problem) return error
  return new Problem(500, 'internalError', 'Something went wrong; the trace id helps to find it')
}

/** Answers whatever a route throws. The log gets the error and the route, never a body. */
export const onError =
  (log: ErrorLog): ErrorHandler<Edge> =>
  (error, c) => {
    const about = { err: error, traceId: c.get('traceId'), method: c.req.method, path: c.req.path }
    return answerProblem(
      c,
      problemFor(error, () => log.error(about, 'request failed')),
    )
  }
