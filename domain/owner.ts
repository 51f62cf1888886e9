import type { DomainEvent } from './event.ts'
import { house } from './merchant/role.ts'

/** The merchant whose event this is; the house where it is no merchant's, as a gateway's, projection's or repair's is not. */
export const ownerOf = ({ data }: DomainEvent): string => ('merchantId' in data ? data.merchantId : house)
