import { describe, expect, it } from 'vitest'
import { pointerStep } from './pointer.ts'

describe('a step of a pointer', () => {
  it.each([
    ['a name', 'amount', '/amount'],
    ['a place in a list', 3, '/3'],
    ['what pointers escape', 'a/b~c', '/a~1b~0c'],
    ['an overlong name', 'x'.repeat(101), `/${'x'.repeat(100)}…`],
    ['a card number', '4111 1111 1111 1111', '/…'],
    ['a card number beyond the cut', `${'x'.repeat(95)} 4111111111111111`, '/…'],
  ])('%s', (_, name, step) => {
    expect(pointerStep(name)).toBe(step)
  })
})
