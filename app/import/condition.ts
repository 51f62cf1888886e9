import type { Condition } from './mapping.ts'

const wholeNumber = (text: string): bigint | undefined => (/^[+-]?\d+$/.test(text) ? BigInt(text) : undefined)

/** Whether a column's text is as the condition wants it. Text that is no whole number is neither more nor less. */
export const holds = (condition: Condition, text: string): boolean => {
  const { is, isNot, in: among, moreThan, lessThan, empty } = condition
  if (is !== undefined && text !== is) return false
  if (isNot !== undefined && text === isNot) return false
  if (among !== undefined && !among.includes(text)) return false
  if (empty !== undefined && (text === '') !== empty) return false
  if (moreThan === undefined && lessThan === undefined) return true
  const number = wholeNumber(text)
  if (number === undefined) return false
  return (moreThan === undefined || number > moreThan) && (lessThan === undefined || number < lessThan)
}
