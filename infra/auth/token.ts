import { Compile } from 'typebox/compile'
import { MerchantIdSchema } from '../../domain/text.ts'

/** The parts of an API token `dbk_<base64url(merchantId)>.<keyId>.<secret>`. */
export type Token = { readonly merchantId: string; readonly keyId: string; readonly secret: string }

const merchantIds = Compile(MerchantIdSchema)
const form = /^dbk_([A-Za-z0-9_-]{1,86})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{1,128})$/

export const writeToken = ({ merchantId, keyId, secret }: Token): string =>
  `dbk_${Buffer.from(merchantId).toString('base64url')}.${keyId}.${secret}`

/** Undefined for what is no token of ours. */
export const readToken = (text: string): Token | undefined => {
  const [, merchant, keyId, secret] = form.exec(text) ?? []
  if (merchant === undefined || keyId === undefined || secret === undefined) return undefined
  const merchantId = Buffer.from(merchant, 'base64url').toString()
  return merchantIds.Check(merchantId) ? { merchantId, keyId, secret } : undefined
}
