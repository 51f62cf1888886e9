import { expect, test } from 'vitest'
import { present } from './present.ts'

test('leaves out what is undefined and nothing else', () => {
  const fields = present({ a: undefined, b: null, c: 0, d: '', e: false })
  expect(Object.entries(fields)).toEqual([
    ['b', null],
    ['c', 0],
    ['d', ''],
    ['e', false],
  ])
})
