import { house } from '../domain/merchant/role.ts'
import type { Principal } from '../http/principal.ts'
import { Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/validate.ts'

/** Whose transactions somebody may touch: a merchant its own; undefined for those who may touch all. */
export const tenantOf = ({ role, merchantId = '' }: Principal): string | undefined =>
  role === 'merchant' ? merchantId : undefined

/**
 * Whose a new transaction is to be: a merchant's own, or of the one that an operator names. Throws 400
 * `invalidRequest` where an operator names nobody or the house itself, 403 `forbidden` where a merchant names another.
 */
export const actingMerchant = (principal: Principal, named: string | undefined): string => {
  const tenant = tenantOf(principal)
  if (tenant !== undefined) {
    if (named === undefined || named === tenant) return tenant
    throw new Problem(403, 'forbidden', "A merchant's key acts for that merchant only")
  }
  if (named === undefined) throw invalid('is missing')
  if (named === house) throw invalid('must be a merchant')
  return named
}

const invalid = (detail: string): Problem => invalidRequest([{ pointer: '/merchantId', detail }])
