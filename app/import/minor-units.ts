import { RowFault } from './row-fault.ts'

/**
 * A decimal number in minor units, exactly: digits are moved, nothing is calculated. Throws a `RowFault` for what is no
 * plain decimal number, has more decimals than the currency (zeros aside), or is too long for a JSON integer.
 */
export const minorUnits = (text: string, exponent: number, decimalMark: '.' | ',' = '.'): number => {
  const [whole = '', decimals = '', ...more] = text.trim().split(decimalMark)
  if (more.length > 0 || !/^[+-]?\d+$/.test(whole) || !/^\d*$/.test(decimals)) {
    throw new RowFault(`“${text}” is no decimal number`)
  }
  const significant = decimals.replace(/0+$/, '')
  if (significant.length > exponent) throw new RowFault(`“${text}” has more than ${exponent} decimals`)
  const units = Number(whole + significant.padEnd(exponent, '0'))
  if (!Number.isSafeInteger(units)) throw new RowFault(`“${text}” is too large`)
  return units + 0
}

/** Minor units as people read them: `16,008,872.12` for 1600887212 and two decimals. */
export const readableAmount = (units: bigint, exponent: number): string => {
  const digits = String(units < 0n ? -units : units).padStart(exponent + 1, '0')
  const whole = BigInt(digits.slice(0, digits.length - exponent)).toLocaleString('en-US')
  const decimals = exponent === 0 ? '' : `.${digits.slice(-exponent)}`
  return `${units < 0n ? '-' : ''}${whole}${decimals}`
}
