import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Reservation, Reservations } from './reservations.ts'

const reservation = (amount: bigint): Reservation => ({ amount, currency: 'INR', revision: 1, released: false })

test('holds what a map would hold, whatever the ids look like', () => {
  const id = fc.oneof(fc.stringMatching(/^po_[0-9a-f]{32}$/), fc.constantFrom('', 'a', 'po_1', 'po_11', 'xyz', 'ÿ'))
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.bigInt(1n, 9n)), { maxLength: 200 }), (entries) => {
      const map = new Map<string, Reservation>()
      let reservations = new Reservations()
      for (const [payoutId, amount] of entries) {
        map.set(payoutId, reservation(amount))
        reservations = reservations.set(payoutId, reservation(amount))
      }
      for (const [payoutId] of entries) expect(reservations.get(payoutId)).toEqual(map.get(payoutId))
      expect(reservations.get('po_none')).toBeUndefined()
    }),
  )
})

test('what was before stays as it was', () => {
  const before = new Reservations().set('po_1', reservation(1n))
  const after = before.set('po_1', reservation(2n)).set('po_2', reservation(3n))
  expect(before.get('po_1')?.amount).toBe(1n)
  expect(before.get('po_2')).toBeUndefined()
  expect(after.get('po_1')?.amount).toBe(2n)
})
