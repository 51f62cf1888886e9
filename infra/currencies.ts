import { data } from 'currency-codes'

// Codes for testing and for no currency at all.
const noMoney: readonly string[] = ['XTS', 'XXX']

const exponents: ReadonlyMap<string, number> = new Map(
  data.filter(({ code }) => !noMoney.includes(code)).map(({ code, digits }) => [code, digits]),
)

/** Whether ISO 4217 knows the code as money. */
export const isCurrency = (code: string): boolean => exponents.has(code)

/** How many decimals the currency has: 2 for INR, 0 for JPY, 3 for KWD; undefined for an unknown code. */
export const exponentOf = (code: string): number | undefined => exponents.get(code)
