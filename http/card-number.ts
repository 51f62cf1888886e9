const leastDigits = 13
const mostDigits = 19
const enoughDigits = /\d(?:[ .\u00a0-]?\d){12}/
/** Where a number can begin: not within a longer number, and with a card network's first digits. */
const beginning = /(?<!\d)(?:[3-6]|2[ .\u00a0-]?[2-7]|8[ .\u00a0-]?[12])/g
/**
 * Random ids in hexadecimal: digests, traces, UUIDs. One UUID in 20,000 would pass for a card's number in groups, and
 * most keys that clients make are UUIDs.
 */
const randomIds =
  /(?<![\p{L}\p{N}])(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=\d*[a-f])[\da-f]{16,})(?![\p{L}\p{N}])/giu

const isSeparator = (code: number): boolean => code === 0x20 || code === 0x2d || code === 0x2e || code === 0xa0
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const luhnDouble = (digit: number): number => (digit > 4 ? digit * 2 - 9 : digit * 2)

/** Whether 13 to 19 digits from here, single separators between them allowed, pass Luhn and are not part of more. */
const isCardNumberFrom = (text: string, start: number): boolean => {
  // Luhn doubles every second digit from the right; from the left, that depends on how many there will be.
  let sumIfEven = 0
  let sumIfOdd = 0
  let digits = 0
  for (let at = start; digits < mostDigits; at += 1) {
    if (isSeparator(text.charCodeAt(at))) at += 1
    const code = text.charCodeAt(at)
    if (!isDigit(code)) return false
    const digit = code - 0x30
    sumIfEven += digits % 2 === 0 ? luhnDouble(digit) : digit
    sumIfOdd += digits % 2 === 0 ? digit : luhnDouble(digit)
    digits += 1
    const sum = digits % 2 === 0 ? sumIfEven : sumIfOdd
    if (digits >= leastDigits && sum % 10 === 0 && !isDigit(text.charCodeAt(at + 1))) return true
  }
  return false
}

/** Whether a text holds, beside random ids, what could be a card's number in one piece or in groups. */
export const hasCardNumber = (given: string): boolean => {
  if (given.length < leastDigits || !enoughDigits.test(given)) return false
  const text = given.replace(randomIds, '\n')
  for (const { index } of text.matchAll(beginning)) {
    if (isCardNumberFrom(text, index)) return true
  }
  return false
}
