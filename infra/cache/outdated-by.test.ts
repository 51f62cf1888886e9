import { expect, test } from 'vitest'
import { someEvent } from '../contracts/some-events.ts'
import { outdatedBy } from './outdated-by.ts'

const at = (stream: string, revision: number) => ({ ...someEvent(), stream, revision, log: 0, sequence: 1 })

test('what was there before is as of its last event, what begins is not there, and nothing else is', () => {
  const events = [
    at('payment-pay_1', 3),
    at('payment-pay_2', 0),
    at('payout-po_1', 1),
    at('merchant-1042', 7),
    at('payment-pay_1', 4),
    at('payment-pay_2', 1),
  ]
  expect(outdatedBy(events)).toEqual(
    new Map([
      ['pay_1', 4],
      ['po_1', 1],
    ]),
  )
})
