import { merchantScope } from '../http/authenticate.ts'
import type { Principal } from '../http/principal.ts'
import type { QueryShards } from './shards.ts'
import type { Condition } from './where.ts'

/** Where a request's rows are, and the condition under which they are the client's to see. */
export type Reach = {
  readonly schemas: readonly string[]
  /** The one merchant it is about; absent for all. */
  readonly merchantId?: string
  readonly condition: Condition
}

/** A merchant reaches its own rows, other roles all rows or those of the merchant they ask for. */
export const reach = (shards: QueryShards, principal: Principal, asked?: string): Reach => {
  const scope = merchantScope(principal, asked)
  switch (scope.type) {
    case 'all':
      return { schemas: shards.all, condition: ['true'] }
    case 'one':
      return of(shards, scope.merchantId)
    case 'none':
      return { ...of(shards, principal.merchantId ?? ''), condition: ['false'] }
  }
}

/** Whether what is this merchant's is the client's to see. */
export const mayRead = (principal: Principal, merchantId: string): boolean =>
  principal.role !== 'merchant' || principal.merchantId === merchantId

const of = (shards: QueryShards, merchantId: string): Reach => ({
  schemas: [shards.of(merchantId)],
  merchantId,
  condition: ['merchant_id = ?', merchantId],
})
