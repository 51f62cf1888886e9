import Value from 'typebox/value'
import { expect, test } from 'vitest'
import { SettlementResourceSchema, settlementResource } from './settlement.ts'

test('a settlement looks as the contract says, to the byte', () => {
  const resource = settlementResource({
    type: 'SettlementRecorded',
    recordedAt: '2026-01-01T00:00:00.000Z',
    data: {
      merchantId: '1042',
      settlementId: 'st_00000000000000000000000000000001',
      currency: 'INR',
      gross: 100n,
      refunds: 120n,
      disputes: -10n,
      fees: 3n,
      net: -13n,
      payments: 2,
      from: '0',
      to: '9',
    },
  })
  expect(JSON.stringify(resource)).toBe(
    '{"id":"st_00000000000000000000000000000001","merchantId":"1042","currency":"INR","gross":100,"refunds":120,' +
      '"disputes":-10,"fees":3,"net":-13,"payments":2,"createdAt":"2026-01-01T00:00:00.000Z"}',
  )
  expect(Value.Errors(SettlementResourceSchema, resource)).toEqual([])
})
