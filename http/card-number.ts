const leastDigits = 13
const mostDigits = 19
const enoughDigits = /\d(?:[ -]?\d){12}/
/** Where a number can begin: not within a word or a longer number, and with a card network's first digits. */
const beginning = /(?<![\p{L}\p{N}])(?:[3-6]|2[ -]?[2-7]|8[ -]?[12])/gu
const wordCharacter = /[\p{L}\p{N}]/u

const endsWord = (text: string, at: number): boolean => !wordCharacter.test(text.charAt(at))
const isSeparator = (code: number): boolean => code === 0x20 || code === 0x2d
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39
const luhnDouble = (digit: number): number => (digit > 4 ? digit * 2 - 9 : digit * 2)

/** Whether 13 to 19 digits from here, single spaces or dashes between them allowed, pass Luhn and end where a word does. */
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
    if (digits >= leastDigits && sum % 10 === 0 && endsWord(text, at + 1)) return true
  }
  return false
}

/** Whether a text holds what could be a card's number, standing by itself in one piece or in groups. */
export const hasCardNumber = (text: string): boolean => {
  if (text.length < leastDigits || !enoughDigits.test(text)) return false
  for (const { index } of text.matchAll(beginning)) {
    if (isCardNumberFrom(text, index)) return true
  }
  return false
}
