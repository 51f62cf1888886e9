import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { reject } from './decider.ts'
import { decideMerchant } from './merchant/decide.ts'
import { decidePayment } from './payment/decide.ts'
import { decidePayout } from './payout/decide.ts'
import { rejections } from './rejection.ts'
import { merchantRejections } from './testing/merchant-rejections.ts'
import { foldMerchant } from './testing/merchants.ts'
import { paymentRejections } from './testing/payment-rejections.ts'
import { foldPayment } from './testing/payments.ts'
import { payoutRejections } from './testing/payout-rejections.ts'
import { foldPayout } from './testing/payouts.ts'
import type { Refusal } from './testing/rejections.ts'

const refusals: readonly Refusal[] = [
  ...paymentRejections.map(({ code, over = [], why, given, when }) => ({
    code,
    over,
    why,
    command: when.type,
    decide: () => decidePayment(when, foldPayment(given)),
  })),
  ...payoutRejections.map(({ code, over = [], why, given, when }) => ({
    code,
    over,
    why,
    command: when.type,
    decide: () => decidePayout(when, foldPayout(given)),
  })),
  ...merchantRejections.map(({ code, over = [], why, given, when }) => ({
    code,
    over,
    why,
    command: when.type,
    decide: () => decideMerchant(when, foldMerchant(given)),
  })),
]

describe('a command is refused', () => {
  test.each(refusals)('$command: $code over $over ($why)', ({ code, decide }) => {
    expect(decide()).toEqual(reject(code))
  })

  test('with every code there is, at least once', () => {
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(rejections))
  })
})

describe('docs/REJECTIONS.md', () => {
  const page = readFileSync(new URL('../docs/REJECTIONS.md', import.meta.url), 'utf8')
  const codesIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, code]) => code)
  /** First and last cells of the rows of a section's table. */
  const tableOf = (section: string): (readonly [first: string, last: string])[] =>
    (page.split(/^## /m).find((part) => part.startsWith(section)) ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').slice(1, -1))
      .map((cells) => [codesIn(cells[0] ?? '')[0] ?? '', cells.at(-1) ?? ''])

  const precedence = new Map(tableOf('Order').map(([command, codes]) => [command, codesIn(codes)]))
  const codes = tableOf('Codes').map(([code]) => code)

  test('names every code once and no other', () => {
    expect(codes.toSorted()).toEqual(rejections.toSorted())
  })

  test.each(refusals)('has $command refuse with $code before $over ($why)', ({ command, code, over }) => {
    const order = precedence.get(command) ?? []
    expect(order).toContain(code)
    for (const later of over) expect(order.slice(order.indexOf(code) + 1)).toContain(later)
  })

  test('says of no command that it refuses with a code that no example shows', () => {
    for (const [command, order] of precedence)
      expect(new Set(order), command).toEqual(
        new Set(refusals.filter((refusal) => refusal.command === command).map(({ code }) => code)),
      )
  })
})
