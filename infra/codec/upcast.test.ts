import { expect, test } from 'vitest'
import { eventSchemas } from '../../domain/event-schemas.ts'
import { UnreadableEvent } from '../../http/unreadable-event.ts'
import { currentVersion as versionToday, upcastingWith } from './upcast.ts'

const { currentVersion, upcast } = upcastingWith({
  PayoutSent: [
    ({ ref, ...data }) => ({ ...data, reference: ref }),
    (data) => ({ ...data, bankReference: `bank-${String(data.reference)}` }),
  ],
})

test('old data goes through every step after its version', () => {
  expect(currentVersion('PayoutSent')).toBe(3)
  expect(upcast('PayoutSent', 1, { ref: '7' })).toEqual({ reference: '7', bankReference: 'bank-7' })
  expect(upcast('PayoutSent', 2, { reference: '8' })).toEqual({ reference: '8', bankReference: 'bank-8' })
})

test("today's data is left as it is", () => {
  const data = { bankReference: '9' }
  expect(upcast('PayoutSent', 3, data)).toBe(data)
  expect(upcast('PaymentAuthorized', 1, data)).toBe(data)
})

test.each([0, 4, -1, Number.NaN])('version %d does not exist', (version) => {
  expect(() => upcast('PayoutSent', version, {})).toThrow(UnreadableEvent)
})

test('there is a step to each version that has a schema', () => {
  for (const [type, versions] of Object.entries(eventSchemas))
    expect([type, versionToday(type)]).toEqual([type, versions.length])
})
