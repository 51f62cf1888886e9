import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseMapping } from './mapping.ts'
import { createMapper } from './to-command.ts'

const commandOf = (mapping: unknown, header: readonly string[], row: readonly string[]): unknown => {
  const mapped = createMapper(parseMapping(JSON.stringify(mapping)), header)(row)
  return mapped.type === 'line' ? JSON.parse(mapped.line) : mapped
}

const small = (command: unknown) => ({ source: 'test', key: ['id'], command })
const header = ['id', 'kind', 'n', 'amount', 'cur']

describe('operators', () => {
  test.each([
    ['a constant', { x: 'y', deep: { n: 1 } }, { x: 'y', deep: { n: 1 } }],
    ['a column', { x: { $column: 'kind' } }, { x: 'red' }],
    ['an empty column is left out', { x: { $column: 'n' }, y: { $integer: 'n' }, z: { $decimal: 'n' } }, {}],
    ['an empty column with a fallback', { x: { $column: 'n', otherwise: 'none' } }, { x: 'none' }],
    ['a value map', { x: { $column: 'kind', values: { red: 1, blue: 2 } } }, { x: 1 }],
    ['a value map with a fallback', { x: { $column: 'kind', values: { blue: 2 }, otherwise: 0 } }, { x: 0 }],
    ['a whole number', { x: { $integer: 'id' } }, { x: 7 }],
    [
      'minor units of two decimals',
      { currency: 'INR', amount: { $decimal: 'amount' } },
      { currency: 'INR', amount: 1250 },
    ],
    [
      'minor units of the row’s currency',
      { currency: { $column: 'cur' }, amount: { $decimal: 'amount' } },
      { currency: 'KWD', amount: 12500 },
    ],
    [
      'texts put together',
      { x: { $join: ['order ', { $column: 'id' }, { $column: 'n' }], with: '' } },
      { x: 'order 7' },
    ],
    ['a list', { x: [1, { $column: 'kind' }, { $column: 'n' }] }, { x: [1, 'red'] }],
    [
      'the first case that fits',
      {
        x: {
          $cases: [
            { when: [{ column: 'kind', is: 'blue' }], value: 1 },
            { when: [], value: 2 },
          ],
        },
      },
      { x: 2 },
    ],
    [
      'the rest of the cases',
      { x: { $cases: [{ when: [{ column: 'id', moreThan: 7 }], value: 1 }], otherwise: 3 } },
      { x: 3 },
    ],
  ])('%s', (_, command, expected) => {
    const result = commandOf(small(command), header, ['7', 'red', '', '12.50', 'KWD'])
    expect(result).toEqual({
      idempotencyKey: expect.stringMatching(/^import-[0-9a-f]{40}$/),
      type: 'authorize',
      ...expected,
    })
  })

  test.each([
    [{ column: 'kind', is: 'red' }, true],
    [{ column: 'kind', isNot: 'red' }, false],
    [{ column: 'kind', in: ['blue', 'red'] }, true],
    [{ column: 'n', empty: true }, true],
    [{ column: 'kind', empty: true }, false],
    [{ column: 'id', moreThan: 6, lessThan: 8 }, true],
    [{ column: 'id', lessThan: 7 }, false],
    [{ column: 'kind', moreThan: 0 }, false],
  ])('the condition %j is %s', (condition, holds) => {
    const command = { x: { $cases: [{ when: [condition], value: true }], otherwise: false } }
    expect(commandOf(small(command), header, ['7', 'red', '', '1', 'INR'])).toMatchObject({ x: holds })
  })
})

test.each([
  ['an unmapped value', { x: { $column: 'kind', values: { blue: 1 } } }, 'kind “red” is not in the mapping'],
  ['a word for a number', { x: { $integer: 'kind' } }, 'kind “red” is no whole number'],
  ['no case', { x: { $cases: [] } }, 'no case of command/x fits the row'],
  ['an unknown currency', { currency: 'ZZZ', amount: { $decimal: 'amount' } }, '“ZZZ” is no currency'],
  ['too many decimals', { currency: 'JPY', amount: { $decimal: 'amount' } }, '“12.50” has more than 0 decimals'],
])('%s refuses the row', (_, command, reason) => {
  expect(commandOf(small(command), header, ['7', 'red', '', '12.50', 'INR'])).toEqual({ type: 'refused', reason })
})

test('a row with another number of fields than the header is refused', () => {
  const result = commandOf(small({}), header, ['7', 'red'])
  expect(result).toEqual({ type: 'refused', reason: 'the row has 2 fields, the header 5' })
})

test.each([
  ['no source', { key: ['id'], command: {} }, /the mapping .*source/],
  ['an unknown property', { ...small({}), colour: 1 }, /the mapping/],
  ['a column that the file has not', small({ x: { $column: 'size' } }), /the file has no column size/],
  ['a key column that the file has not', { source: 's', key: ['ref'], command: {} }, /the file has no column ref/],
  ['an unknown operator', small({ method: { $upper: 'kind' } }), /command\/method has \$upper, which is no operator/],
  ['a broken operator', small({ x: { $column: 7 } }), /command\/x\/\$column must be string/],
  [
    'a broken condition',
    small({ x: { $cases: [{ when: [{ column: 'n', over: 1 }], value: 1 }] } }),
    /command\/x\/\$cases\/0\/when\/0/,
  ],
])('a mapping with %s is refused with the place', (_, mapping, message) => {
  expect(() => commandOf(mapping, header, ['7', 'red', '', '1', 'INR'])).toThrow(message)
})

test('keys are the same for the same row, and others for another row, source or split of the values', () => {
  const keyOf = (source: string, row: readonly string[]) =>
    (commandOf({ source, key: ['id', 'kind'], command: {} }, ['id', 'kind'], row) as { idempotencyKey: string })
      .idempotencyKey
  const keys = [keyOf('a', ['1', '23']), keyOf('a', ['12', '3']), keyOf('b', ['1', '23']), keyOf('a', ['1', '24'])]
  expect(new Set(keys).size).toBe(4)
  expect(keyOf('a', ['1', '23'])).toBe(keys[0])
})

describe('the mapping of the Olist payments', () => {
  const olist: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/mappings/olist.json'), 'utf8'))
  const columns = ['order_id', 'payment_sequential', 'payment_type', 'payment_installments', 'payment_value']
  const methodOf = (type: string, installments: string) =>
    (commandOf(olist, columns, ['b81e', '1', type, installments, '99.33']) as { method: unknown }).method

  test.each([
    ['credit_card', '8', { type: 'emi', token: 'tok_imported', installments: 8, funding: 'credit' }],
    ['credit_card', '1', { type: 'card', token: 'tok_imported', funding: 'credit' }],
    ['credit_card', '0', { type: 'card', token: 'tok_imported', funding: 'credit' }],
    ['debit_card', '1', { type: 'card', token: 'tok_imported', funding: 'debit' }],
    ['boleto', '1', { type: 'netbanking', bank: 'boleto' }],
    ['voucher', '1', { type: 'wallet', provider: 'voucher' }],
    ['not_defined', '1', { type: 'wallet', provider: 'not_defined' }],
  ])('%s in %s instalments', (type, installments, method) => {
    expect(methodOf(type, installments)).toEqual(method)
  })

  test('the whole command', () => {
    expect(commandOf(olist, columns, ['b81e', '2', 'boleto', '1', '0.00'])).toEqual({
      idempotencyKey: expect.any(String),
      type: 'authorize',
      amount: 0,
      currency: 'BRL',
      method: { type: 'netbanking', bank: 'boleto' },
      reference: 'b81e',
      metadata: { sequence: '2', installments: '1' },
    })
  })
})
