import { expect, test } from 'vitest'
import { limited } from '../testing/gateways.ts'
import { anyPayment, refusedByRules } from './rules.ts'

test.each([
  ['nobody has set rules', anyPayment, 'INR', 1n],
  ['it is the least', limited, 'INR', 50n],
  ['it is the most', limited, 'INR', 150n],
  ['it is another currency', limited, 'EUR', 1_000_000n],
])('an amount is taken where %s', (_, rules, currency, amount) => {
  expect(refusedByRules(rules, currency, amount)).toBeUndefined()
})

test.each([49n, 151n])('of 50 to 150 not %i', (amount) => {
  expect(refusedByRules(limited, 'INR', amount)).toBe('amountOutsideRules')
})
