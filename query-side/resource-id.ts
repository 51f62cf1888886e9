import type { Position } from '../domain/position.ts'
import { positionHeader } from '../http/position-header.ts'
import { Problem } from '../http/problem.ts'

const prefixes = { payment: 'pay', payout: 'po', settlement: 'st' } as const

export type ResourceKind = keyof typeof prefixes

/** The UUID in a resource's id; undefined for what can't be one. */
export const uuidIn = (kind: ResourceKind, id: string): string | undefined => {
  const [prefix, hex = ''] = id.split('_')
  return prefix === prefixes[kind] && id.length === prefix.length + 33 && /^[0-9a-f]{32}$/.test(hex) ? hex : undefined
}

/** The 404 for what is not there, or is not this client's; `position` tells as of when. */
export const resourceNotFound = (kind: ResourceKind, position?: Position): Problem =>
  new Problem(404, `${kind}NotFound`, `There is no such ${kind}`, {
    headers: position === undefined ? {} : { [positionHeader]: position },
  })
