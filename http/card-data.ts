import { hasCardNumber } from './card-number.ts'
import { pointerStep } from './pointer.ts'
import { Problem } from './problem.ts'

const secretNames = /^(?:card[_ -]?)?(?:cvv2?|cvc2?|csc|cvn)$|^card[_ -]?(?:number|no)$|^security[_ -]?code$/i

/** The pointer to the first card data below a value; undefined when there is none. */
const find = (value: unknown): string | undefined => {
  if (typeof value === 'string') return hasCardNumber(value) ? '' : undefined
  if (typeof value === 'number') return value >= 1e12 && hasCardNumber(String(value)) ? '' : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const inner = find(item)
      if (inner !== undefined) return `${pointerStep(index)}${inner}`
    }
    return undefined
  }
  for (const [name, member] of Object.entries(value)) {
    // A name that is itself a card number must not be repeated: the fault is its object's.
    if (hasCardNumber(name)) return ''
    if (secretNames.test(name)) return pointerStep(name)
    const inner = find(member)
    if (inner !== undefined) return `${pointerStep(name)}${inner}`
  }
  return undefined
}

/**
 * Throws 400 `cardDataRefused` with the place, never the value, when a string, name or number below `value` holds 13 to
 * 19 digits that could be a card's (in one piece or in groups with single spaces or dashes), or a member is named like
 * a card's number or security code. `pointer` is that of `value` itself.
 */
export const refuseCardData = (value: unknown, pointer = ''): void => {
  const found = find(value)
  if (found === undefined) return
  throw new Problem(
    400,
    'cardDataRefused',
    'Card numbers and security codes are never taken; send the token of your vault or gateway',
    { errors: [{ pointer: `${pointer}${found}`, detail: 'looks like card data' }] },
  )
}
