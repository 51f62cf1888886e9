import { hasCardNumber } from './card-number.ts'

const longestName = 100

/** One step of an RFC 6901 pointer. Names come from clients, so overlong ones are cut and card numbers not repeated. */
export const pointerStep = (name: string | number): string => {
  if (typeof name === 'number') return `/${name}`
  if (hasCardNumber(name)) return '/…'
  const short = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  return `/${short.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
