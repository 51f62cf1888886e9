import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuseCardData } from './card-data.ts'
import { Problem } from './problem.ts'

const refusal = (value: unknown, pointer?: string): Problem => {
  try {
    refuseCardData(value, pointer)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was taken')
}

describe('card data', () => {
  it.each([
    ['Visa', { token: '4111111111111111' }, '/token'],
    ['Visa of 13 digits', { token: '4222222222222' }, '/token'],
    ['Visa of 19 digits', { token: '4000000000000000006' }, '/token'],
    ['Mastercard', { token: '5555555555554444' }, '/token'],
    ['Mastercard, series 2', { token: '2223003122003222' }, '/token'],
    ['American Express', { token: '378282246310005' }, '/token'],
    ['Diners', { token: '36227206271667' }, '/token'],
    ['Discover', { token: '6011111111111117' }, '/token'],
    ['JCB', { token: '3530111333300000' }, '/token'],
    ['RuPay 6', { token: '6521111111111110' }, '/token'],
    ['RuPay 81', { token: '8171999927660000' }, '/token'],
    ['RuPay 82', { token: '8200000000000001' }, '/token'],
    ['groups with spaces', { token: '4111 1111 1111 1111' }, '/token'],
    ['groups with dashes', { token: '4111-1111-1111-1111' }, '/token'],
    ['odd groups', { token: '3782 822463 10005' }, '/token'],
    ['within a sentence', { reference: 'card 4111111111111111, thanks' }, '/reference'],
    ['after another number', { reference: 'order 22 4111 1111 1111 1111' }, '/reference'],
    ['before another number', { reference: '4111 1111 1111 1111 22' }, '/reference'],
    ['with a prefix', { token: 'tok_4111111111111111' }, '/token'],
    ['beside a UUID', { token: '82755048-9771-4830-9cdb-286f0a8563a4 4111111111111111' }, '/token'],
    ['letters before', { token: 'x4111111111111111' }, '/token'],
    ['letters after', { token: '4111111111111111x' }, '/token'],
    ['a letter that is not ASCII', { token: 'é4111111111111111' }, '/token'],
    ['groups with dots', { token: '4111.1111.1111.1111' }, '/token'],
    ['deep within', { a: [{}, { 'b/c': ['x', '4111111111111111'] }] }, '/a/1/b~1c/1'],
    ['as a name', { metadata: { '4111111111111111': 'x' } }, '/metadata'],
    ['as a number', { metadata: { card: 4111111111111111 } }, '/metadata/card'],
    ['by itself', '4111111111111111', ''],
    ['cvv', { method: { cvv: '123' } }, '/method/cvv'],
    ['CVV2', { CVV2: '123' }, '/CVV2'],
    ['cvc', { cvc: 1 }, '/cvc'],
    ['csc', { csc: null }, '/csc'],
    ['cardNumber', { cardNumber: 'x' }, '/cardNumber'],
    ['card_number', { card_number: 'x' }, '/card_number'],
    ['CARDNUMBER', { metadata: { CARDNUMBER: 'x' } }, '/metadata/CARDNUMBER'],
    ['card-cvc', { 'card-cvc': 'x' }, '/card-cvc'],
    ['securityCode', { securityCode: 'x' }, '/securityCode'],
  ])('is refused: %s', (_, value, pointer) => {
    const problem = refusal(value)
    expect([problem.status, problem.code]).toEqual([400, 'cardDataRefused'])
    expect(problem.errors).toEqual([{ pointer, detail: 'looks like card data' }])
  })

  it('is named by the place the caller gives for a text', () => {
    expect(refusal('4111111111111111', 'Idempotency-Key').errors[0]?.pointer).toBe('Idempotency-Key')
  })
})

describe('what is no card data', () => {
  it.each([
    ['a number that fails Luhn', '4111111111111112'],
    ['too few digits', '422222222222'],
    ['too many digits', '41111111111111111111'],
    ['the digits of no card', '1111111111111117'],
    ['a time in milliseconds', '1700000000000'],
    ['a time to the second', '20240115103000'],
    ['two spaces', '4111  1111  1111  1111'],
    ['other separators', '4111:1111:1111:1111'],
    ['a digest', 'a94111111111111111c4e2b0d7f3a6c5'],
    ['a payment id', 'pay_4111111111111111aaaaaaaaaaaaaaaa'],
    ['a UUID', '4f0d2b0e-5c1c-4b3f-9a5e-7d1c2b3a4f50'],
    ['a UUID whose digits pass Luhn', '82755048-9771-4830-9cdb-286f0a8563a4'],
    ['a UUID of digits only', 'order_41111111-1111-1111-4111-111111111111.'],
    ['a phone number as a VPA', '919876543210@ybl'],
    ['BIN and last four', '411111 1111'],
    ['nothing', ''],
  ])('is taken: %s', (_, text) => {
    expect(() => refuseCardData({ reference: text, metadata: { [text]: text } })).not.toThrow()
  })

  it.each([
    ['a tax number', { metadata: { pan: 'ABCDE1234F' } }],
    ['a card by its token', { type: 'card', token: 'tok_visa', bin: '411111', last4: '1111', expiryMonth: 1 }],
    ['names that only begin alike', { panel: 'x', company: 'x', cvvResult: 'M', cardholder: 'x', card: 'x' }],
    ['the largest amount', { amount: 1_000_000_000_000 }],
    ['nothing much', [null, true, undefined, 0]],
  ])('is taken: %s', (_, value) => {
    expect(() => refuseCardData(value)).not.toThrow()
  })
})

/** Digits that end in the check digit which makes them pass Luhn. */
const withCheckDigit = (digits: string): string => {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, character, place) => {
      const digit = Number(character)
      if (place % 2 === 1) return total + digit
      return total + (digit > 4 ? digit * 2 - 9 : digit * 2)
    }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const first = fc.constantFrom('22', '27', '3', '4', '5', '6', '81', '82')
const separators = fc.infiniteStream(fc.constantFrom('', '', '', ' ', '-'))

describe('any card number', () => {
  it('is refused wherever it stands and never repeated', () => {
    fc.assert(
      fc.property(
        first,
        fc.stringMatching(/^[0-9]{11,16}$/),
        separators,
        fc.constantFrom('', 'card ', 'a_', '22 ', '7-'),
        fc.constantFrom('', '.', ' ok', ' 22', '@bank'),
        (start, rest, between, before, after) => {
          const number = withCheckDigit(`${start}${rest}`.slice(0, 18))
          const text = `${before}${number
            .split('')
            .map((digit, index) => (index === 0 ? digit : `${between.next().value}${digit}`))
            .join('')}${after}`
          const problem = refusal({ deep: [text] })
          expect(problem.errors[0]?.pointer).toBe('/deep/0')
          expect(JSON.stringify([problem.message, problem.errors])).not.toMatch(/\d{2}/)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
