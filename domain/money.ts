import Type from 'typebox'

/** Minor units of a currency (paise, cents, yen). Never a float. */
export type Amount = bigint

/** The most a client may name in one command, in minor units. */
export const largestAmount = 1_000_000_000_000

/** An amount as JSON carries it: an integer of minor units from 1 to 10^12. */
export const AmountSchema = Type.Integer({
  minimum: 1,
  maximum: largestAmount,
  description: 'Minor units of the currency, an integer',
})

/** ISO 4217 alphabetic code; whether it exists is checked where the table of currencies is known. */
export const CurrencySchema = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 alphabetic code' })
