import { SignJWT } from 'jose'
import type { Role } from '../../domain/merchant/role.ts'

/** Whom a signed token speaks for, and until when (seconds from `now`). `merchantId` for merchants, and for them only. */
export type Claims = {
  readonly role: Role
  readonly merchantId?: string
  readonly expiresInSeconds: number
  readonly now: Date
}

/** A JWT, HS256, with the claims `role` and `merchant` and an expiry. */
export const signToken = (secret: string, { role, merchantId, expiresInSeconds, now }: Claims): Promise<string> => {
  const issuedAt = Math.floor(now.getTime() / 1_000)
  return new SignJWT(merchantId === undefined ? { role } : { role, merchant: merchantId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresInSeconds)
    .sign(new TextEncoder().encode(secret))
}
