import { signToken } from '../../infra/auth/signed-token.ts'
import type { Config } from '../../infra/config/load-config.ts'
import { openDataFolder } from '../data-folder.ts'
import { secondsOf } from '../duration.ts'
import { type OwnerOptions, ownerOf } from './owner.ts'

/** A JWT for the role, and the merchant where it is one's, good for `expires` from now. Throws a `StartError`. */
export const createToken = async (
  config: Config,
  options: OwnerOptions & { readonly expires: string },
): Promise<string> => {
  const owner = ownerOf(options)
  const expiresInSeconds = secondsOf(options.expires)
  const secret = config.JWT_SECRET ?? (await openDataFolder(config.DAYBOOK_DATA)).secret
  return signToken(secret, {
    role: options.role,
    ...(options.role === 'merchant' ? { merchantId: owner } : {}),
    expiresInSeconds,
    now: new Date(),
  })
}
