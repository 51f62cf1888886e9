import type { Role } from '../domain/merchant/role.ts'

/** Who is asking, as the key or token says. `merchantId` is there for merchants only. */
export type Principal = { readonly role: Role; readonly merchantId?: string; readonly keyId: string }

/** Finds out who is asking from the Authorization header; undefined for nobody we know (revoked and expired included). */
export type Authenticator = (authorization: string | undefined) => Promise<Principal | undefined>

/** What the edge puts into hono's context for the routes behind it. */
export type Edge = { Variables: { principal: Principal; traceId: string } }
