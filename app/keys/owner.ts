import { Value } from 'typebox/value'
import { type Role, house } from '../../domain/merchant/role.ts'
import { MerchantIdSchema } from '../../domain/text.ts'
import { StartError } from '../start-error.ts'

/** What `--role` and `--merchant` say. */
export type OwnerOptions = { readonly role: Role; readonly merchant?: string }

const isMerchantId = (text: string): boolean => Value.Check(MerchantIdSchema, text)

const checkedMerchant = (merchant: string): string => {
  if (merchant === house) throw new StartError(`the merchant id ${house} is reserved`)
  if (!isMerchantId(merchant))
    throw new StartError(`“${merchant}” is no merchant id: letters, digits, _ and -, up to 64`)
  return merchant
}

/** Whose stream holds the key: the merchant's, or the house's for all other roles. Throws a `StartError`. */
export const ownerOf = ({ role, merchant }: OwnerOptions): string => {
  if (role === 'merchant') {
    if (merchant === undefined) throw new StartError('a key for the role merchant needs --merchant ID')
    return checkedMerchant(merchant)
  }
  if (merchant !== undefined) throw new StartError(`--merchant is for the role merchant; ${role} is for all of them`)
  return house
}

/** The merchant that is named, or the house where none is. Throws a `StartError`. */
export const merchantOrHouse = (merchant: string | undefined): string =>
  merchant === undefined ? house : checkedMerchant(merchant)
