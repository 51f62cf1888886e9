import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import { AmountSchema, CurrencySchema } from '../domain/money.ts'
import { MethodSchema } from '../domain/payment/method.ts'
import { MetadataSchema, Text } from '../domain/text.ts'
import { type Fault, Problem } from './problem.ts'
import { queryValidator, validator } from './validate.ts'

const closed = { additionalProperties: false } as const
const Authorize = Type.Object(
  {
    amount: AmountSchema,
    currency: CurrencySchema,
    method: MethodSchema,
    capture: Type.Optional(Type.Enum(['automatic', 'manual'])),
    reference: Type.Optional(Text(10)),
    metadata: Type.Optional(MetadataSchema),
    final: Type.Optional(Type.Boolean()),
    tags: Type.Optional(Type.Array(Text(3), { maxItems: 2 })),
    note: Type.Optional(Type.Union([Text(3), Type.Null()])),
  },
  closed,
)
const validate = validator(Authorize)
const good = { amount: 12_500, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } }

const faultsOf = (run: () => unknown): readonly Fault[] => {
  try {
    run()
  } catch (error) {
    if (error instanceof Problem) {
      expect([error.status, error.code]).toEqual([400, 'invalidRequest'])
      return error.errors
    }
    throw error
  }
  throw new Error('it was taken')
}

describe('a value that fits', () => {
  it.each([
    ['the least', {}],
    ['the smallest amount', { amount: 1 }],
    ['the largest amount', { amount: 1_000_000_000_000 }],
    [
      'all there is',
      {
        capture: 'manual',
        reference: 'Zoë 😀',
        metadata: { cart: '7' },
        final: true,
        tags: ['a'],
        note: null,
        method: { type: 'emi', token: 'tok', installments: 6 },
      },
    ],
  ])('is given back as it came: %s', (_, more) => {
    const value = { ...good, ...more }
    expect(validate(value)).toBe(value)
  })
})

describe('a value that does not fit', () => {
  const amount = 'must be an integer from 1 to 1000000000000'
  const methods = 'upi, card, wallet, netbanking, qr, bnpl, emi'
  const text = 'must be text of 1 to 10 characters without control characters'
  it.each([
    ['a zero amount', { amount: 0 }, '/amount', amount],
    ['a negative amount', { amount: -1 }, '/amount', amount],
    ['a fraction', { amount: 10.5 }, '/amount', amount],
    ['too large an amount', { amount: 1_000_000_000_001 }, '/amount', amount],
    ['an amount as text', { amount: '12500' }, '/amount', amount],
    ['no amount', { amount: null }, '/amount', amount],
    [
      'a currency in small letters',
      { currency: 'inr' },
      '/currency',
      'must be text that matches ^[A-Z]{3}$ (ISO 4217 alphabetic code)',
    ],
    ['an unknown choice', { capture: 'later' }, '/capture', 'must be one of automatic, manual'],
    ['no boolean', { final: 'yes' }, '/final', 'must be true or false'],
    ['empty text', { reference: '' }, '/reference', text],
    ['long text', { reference: 'x'.repeat(11) }, '/reference', text],
    ['NUL in text', { reference: 'a\u0000b' }, '/reference', text],
    ['an unknown field', { secret: 1 }, '/secret', 'is not known here'],
    ['an unknown field with odd letters', { 'a/b~c': 1 }, '/a~1b~0c', 'is not known here'],
    ['a method that is text', { method: 'upi' }, '/method', 'must be an object'],
    ['a method that is a list', { method: [] }, '/method', 'must be an object'],
    ['a method of no type', { method: {} }, '/method/type', `is missing: must be one of ${methods}`],
    ['a method of unknown type', { method: { type: 'cash' } }, '/method/type', `must be one of ${methods}`],
    ['a method of odd type', { method: { type: ['upi'] } }, '/method/type', `must be one of ${methods}`],
    ['a method with a field missing', { method: { type: 'card' } }, '/method/token', 'is missing'],
    [
      'a method with the field of another',
      { method: { type: 'upi', vpa: 'a@b', token: 't' } },
      '/method/token',
      'is not known here',
    ],
    [
      'a method with a bad field',
      { method: { type: 'emi', token: 't', installments: 1 } },
      '/method/installments',
      'must be an integer from 2 to 60',
    ],
    ['a bad label', { metadata: { 'bad label': 'x' } }, '/metadata/bad label', 'is not known here'],
    [
      'a label without text',
      { metadata: { a: 7 } },
      '/metadata/a',
      'must be text of at most 500 characters without NUL characters',
    ],
    [
      'too many labels',
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v'])) },
      '/metadata',
      'must have 50 members at most',
    ],
    ['a bad item', { tags: ['a', 'long'] }, '/tags/1', 'must be text of 1 to 3 characters without control characters'],
    ['too many items', { tags: ['a', 'b', 'c'] }, '/tags', 'must be a list of at most 2 items'],
    ['no list', { tags: 'a' }, '/tags', 'must be a list of at most 2 items'],
    ['neither of two', { note: 7 }, '/note', 'must be text of 1 to 3 characters without control characters or null'],
  ])('is named at its place: %s', (_, more, pointer, detail) => {
    expect(faultsOf(() => validate({ ...good, ...more }))).toEqual([{ pointer, detail }])
  })

  it.each([
    ['null', null],
    ['a list', []],
    ['text', 'x'],
    ['a number', 7],
  ])('may be no object at all: %s', (_, value) => {
    expect(faultsOf(() => validate(value))).toEqual([{ pointer: '', detail: 'must be an object' }])
  })

  it('has all its faults named, what is missing too', () => {
    const faults = faultsOf(() => validate({ amount: 0, method: { type: 'upi', vpa: 'x', more: 1 }, other: 1 }))
    expect(faults.map((fault) => fault.pointer)).toEqual([
      '/amount',
      '/currency',
      '/method/vpa',
      '/method/more',
      '/other',
    ])
    expect(() => validate({ amount: 0, other: 1 })).toThrow(
      '/amount must be an integer from 1 to 1000000000000, and 3 more',
    )
  })

  it('has 20 faults named at most, by names of a bearable length', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 1]))
    expect(faultsOf(() => validate({ ...good, ...many }))).toHaveLength(20)
    const [fault] = faultsOf(() => validate({ ...good, ['x'.repeat(10_000)]: 1 }))
    expect(fault?.pointer.length).toBeLessThan(150)
  })

  it('is never repeated', () => {
    const secret = 'hunter2'
    const bad = {
      amount: secret,
      currency: secret,
      method: { type: secret, vpa: secret },
      capture: secret,
      final: secret,
      tags: secret,
      metadata: secret,
    }
    expect(JSON.stringify(faultsOf(() => validate(bad)))).not.toContain(secret)
    expect(JSON.stringify(faultsOf(() => validate({ ...good, method: { type: 'upi', vpa: secret } })))).not.toContain(
      secret,
    )
  })
})

describe('a union of commands', () => {
  const validateLine = validator(
    Type.Union([
      Type.Object({ type: Type.Literal('capture'), paymentId: Text(40), amount: Type.Optional(AmountSchema) }, closed),
      Type.Object({ type: Type.Literal('void'), paymentId: Text(40) }, closed),
    ]),
  )
  it('speaks for the command that was meant', () => {
    expect(faultsOf(() => validateLine({ type: 'void', amount: 1 }))).toEqual([
      { pointer: '/paymentId', detail: 'is missing' },
      { pointer: '/amount', detail: 'is not known here' },
    ])
    expect(faultsOf(() => validateLine({ type: 'steal' }))).toEqual([
      { pointer: '/type', detail: 'must be one of capture, void' },
    ])
  })
})

describe('a query', () => {
  const query = queryValidator(
    Type.Object({
      status: Type.Optional(Type.Enum(['authorized', 'captured'])),
      limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
      deep: Type.Optional(Type.Boolean()),
      customerId: Type.Optional(Type.String()),
      account: Type.Optional(Type.Array(Type.String())),
    }),
  )

  it.each([
    ['nothing', {}, { limit: 100 }],
    ['integers and booleans', { limit: ['5'], deep: ['true'] }, { limit: 5, deep: true }],
    ['text that looks like a number', { customerId: ['007'] }, { limit: 100, customerId: '007' }],
    ['a list', { account: ['a', 'b'] }, { limit: 100, account: ['a', 'b'] }],
  ])('is read: %s', (_, given, value) => {
    expect(query(given)).toEqual(value)
  })

  it.each([
    ['an unknown filter', { secret: ['1'] }, '?secret', 'is not known here'],
    ['an unknown choice', { status: ['x'] }, '?status', 'must be one of authorized, captured'],
    ['a limit of 0', { limit: ['0'] }, '?limit', 'must be an integer from 1 to 1000'],
    ['a limit of 1001', { limit: ['1001'] }, '?limit', 'must be an integer from 1 to 1000'],
    ['a limit of no number', { limit: ['ten'] }, '?limit', 'must be an integer from 1 to 1000'],
    ['an empty limit', { limit: [''] }, '?limit', 'must be an integer from 1 to 1000'],
    ['a fraction', { limit: ['1.5'] }, '?limit', 'must be an integer from 1 to 1000'],
    ['a boolean of neither kind', { deep: ['1'] }, '?deep', 'must be true or false'],
    ['a filter given twice', { status: ['authorized', 'captured'] }, '?status', 'may be given once only'],
    ['NUL', { customerId: ['a\u0000'] }, '?customerId', 'must be without control characters'],
    ['__proto__', JSON.parse('{"__proto__":["x"]}'), '?__proto__', 'is not known here'],
  ])('is refused: %s', (_, given, pointer, detail) => {
    expect(faultsOf(() => query(given))).toEqual([{ pointer, detail }])
  })
})
