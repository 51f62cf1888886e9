import Value from 'typebox/value'
import { expect, test } from 'vitest'
import { FeeScheduleSchema } from './fees.ts'
import { GatewayBody, MerchantBody, SettleBody } from './request.ts'

test('takes a merchant whose id can stand in a URL', () => {
  expect(Value.Check(MerchantBody, { id: '1042', name: 'Asha’s shop' })).toBe(true)
  expect(Value.Check(MerchantBody, { id: 'a/b', name: 'Asha’s shop' })).toBe(false)
  expect(Value.Check(MerchantBody, { id: '', name: 'Asha’s shop' })).toBe(false)
})

test('takes a settlement of everything, or of one merchant or currency', () => {
  expect(Value.Check(SettleBody, {})).toBe(true)
  expect(Value.Check(SettleBody, { merchantId: '1042', currency: 'INR' })).toBe(true)
  expect(Value.Check(SettleBody, { currency: 'rupees' })).toBe(false)
})

test('takes a gateway by its name', () => {
  expect(Value.Check(GatewayBody, { gateway: 'sandbox' })).toBe(true)
  expect(Value.Check(GatewayBody, { gateway: '' })).toBe(false)
})

test('takes fees for known methods only', () => {
  const fee = { basisPoints: 200, fixed: 0 }
  expect(Value.Check(FeeScheduleSchema, { default: fee, methods: { upi: fee } })).toBe(true)
  expect(Value.Check(FeeScheduleSchema, { default: fee, methods: { cash: fee } })).toBe(false)
  expect(Value.Check(FeeScheduleSchema, { default: { basisPoints: 10_001, fixed: 0 } })).toBe(false)
})
