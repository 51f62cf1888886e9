import type { Position } from '../domain/position.ts'
import { Problem } from '../http/problem.ts'
import { headersOf } from './answer.ts'
import type { AsOf } from './as-of.ts'

const forms = {
  payment: /^pay_([0-9a-f]{32})$/,
  payout: /^po_([0-9a-f]{32})$/,
  settlement: /^st_([0-9a-f]{32})$/,
} as const

export type ResourceKind = keyof typeof forms

/** The UUID in a resource's id; undefined for what can't be one. */
export const uuidIn = (kind: ResourceKind, id: string): string | undefined => forms[kind].exec(id)?.[1]

/** The 404 for what is not there, or is not this client's; `position` tells as of when. */
export const resourceNotFound = (kind: ResourceKind, position?: Position, asOf?: AsOf): Problem =>
  new Problem(404, `${kind}NotFound`, `There is no such ${kind}`, {
    headers: position === undefined ? {} : headersOf(position, asOf),
  })
