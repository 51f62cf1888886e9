import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { fingerprintOf, whatDiffers } from './fingerprint.ts'

const body = { amount: 12_500, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' }, metadata: { cart: '7' } }
const fingerprint = fingerprintOf('authorize', '1042', body)

describe('a fingerprint', () => {
  it('does not depend on order and white space', () => {
    const other = JSON.parse(
      '{ "metadata":{"cart":"7"}, "method":{"vpa":"asha@okbank","type":"upi"}, "currency":"INR","amount":1.25e4 }',
    )
    expect(fingerprintOf('authorize', '1042', other)).toBe(fingerprint)
  })

  it('does not depend on the order of names at any depth', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, inner]) => [name, reversed(inner)]),
      )
    }
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(fingerprintOf('a', 'b', Object(reversed(value)))).toBe(fingerprintOf('a', 'b', value))
      }),
    )
  })

  it('does not hold what the body holds', () => {
    expect(fingerprint).not.toMatch(/asha|12500|INR|1042/)
  })

  it('keeps its form, for it is stored', () => {
    expect(fingerprint).toBe(
      'authorize 2zygqu oV3uIwLo4aiCKaKuqHt-x6RasjLDDRuuYVAQeSTS564 amount=knkmqd currency=o5zi8i metadata=yr718o method=a3qgc5',
    )
    expect(fingerprintOf('void', 'pay_1', {})).toBe('void vyu4vd 2elQhAW-lwi18s0wBBCYMqHvXYxVDr0dPDWpFZ-VDPI')
  })

  it.each([5, 20, 50])('has at most 400 characters for %i members', (count) => {
    const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`memberNumber${index}`, index]))
    expect(fingerprintOf('authorize', 'm'.repeat(64), many).length).toBeLessThanOrEqual(400)
  })
})

describe('what differs', () => {
  it.each([
    ['nothing', 'authorize', '1042', body, []],
    ['a value', 'authorize', '1042', { ...body, amount: 1 }, ['/amount']],
    ['a value within', 'authorize', '1042', { ...body, method: { type: 'upi', vpa: 'other@okbank' } }, ['/method']],
    ['a type of value', 'authorize', '1042', { ...body, amount: '12500' }, ['/amount']],
    ['a member more', 'authorize', '1042', { ...body, capture: 'manual' }, ['/capture']],
    ['a default that was not given before', 'authorize', '1042', { ...body, metadata: {} }, ['/metadata']],
    ['all of it', 'authorize', '1042', {}, ['/amount', '/currency', '/metadata', '/method']],
    ['the target', 'authorize', '7', body, ['target']],
    ['the target and a value', 'authorize', '7', { ...body, amount: 1 }, ['target', '/amount']],
    ['the command', 'capture', '1042', {}, ['type']],
  ])('is named: %s', (_, type, target, other, names) => {
    expect(whatDiffers(fingerprint, fingerprintOf(type, target, other))).toEqual(names)
    expect(whatDiffers(fingerprintOf(type, target, other), fingerprint)).toEqual(names)
  })

  it('is the whole body where members are too many to be named', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`memberNumber${index}`, index]))
    const stored = fingerprintOf('authorize', '1042', many)
    expect(whatDiffers(stored, fingerprintOf('authorize', '1042', { ...many, amount: 1 }))).toEqual([''])
    expect(whatDiffers(stored, fingerprintOf('authorize', '1042', body))).toEqual([''])
    expect(whatDiffers(stored, fingerprintOf('authorize', '1042', many))).toEqual([])
  })

  it('is something whenever two bodies differ, and nothing when they do not', () => {
    const bodies = fc.dictionary(fc.constantFrom('amount', 'reason', 'final'), fc.jsonValue())
    fc.assert(
      fc.property(bodies, bodies, (a, b) => {
        const differ = whatDiffers(fingerprintOf('refund', 'p', a), fingerprintOf('refund', 'p', b))
        expect(differ.length > 0).toBe(canonicalJson(a) !== canonicalJson(b))
      }),
    )
  })
})
