import type { Context } from 'hono'
import type { Position } from '../domain/position.ts'
import { answerJson } from '../http/answer-json.ts'
import { headerOf } from '../http/headers.ts'
import { etagOf } from '../http/if-match.ts'
import { asOfHeader, positionHeader } from '../http/position-header.ts'
import type { Edge } from '../http/principal.ts'
import { type AsOf, cursorAsOf } from './as-of.ts'

/** Answers a read. */
export type Route = (c: Context<Edge>) => Response | Promise<Response>

/** A resource as it was at a position; `document` is its JSON text. */
export type Found = { readonly document: string; readonly revision: number; readonly position: Position }

const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)

/** The headers that say what an answer speaks of. */
export const headersOf = (position: Position, asOf: AsOf | undefined): Record<string, string> => ({
  [positionHeader]: position,
  ...(asOf?.instant === undefined ? {} : { [asOfHeader]: asOf.instant }),
})

/** A resource with its ETag, or 304 for a client that has it already. */
export const answerResource = (
  c: Context<Edge>,
  { document, revision, position }: Found,
  asOf?: AsOf,
): Response | Promise<Response> => {
  const etag = etagOf(revision)
  const headers = { ETag: etag, ...headersOf(position, asOf) }
  if (isKnown(headerOf(c, 'if-none-match'), etag)) return c.body(null, 304, headers)
  return answerJson(c, document, 200, headers)
}

/** A page of a list; `entries` are JSON texts. */
export const answerPage = (
  c: Context<Edge>,
  entries: readonly string[],
  nextCursor: string | null,
  position: Position,
  asOf?: AsOf,
): Response | Promise<Response> => {
  const spokenOf = asOf === undefined ? '' : `,"asOf":${JSON.stringify(asOf)}`
  const next = JSON.stringify(cursorAsOf(nextCursor, asOf))
  return answerJson(
    c,
    `{"data":[${entries.join(',')}],"nextCursor":${next}${spokenOf}}`,
    200,
    headersOf(position, asOf),
  )
}
