import { describe, expect, it } from 'vitest'
import { etagOf, ifMatch, preconditionFailed } from './if-match.ts'

describe('If-Match', () => {
  it.each([
    ['absent', undefined, true],
    ['*', '*', true],
    ['the revision', '"3"', true],
    ['a list with it', '"1", "3"', true],
    ['a list without spaces', '"1","3"', true],
    ['a list with a weak one', 'W/"2", "3"', true],
    ['another revision', '"2"', false],
    ['a longer one', '"33"', false],
    ['a list without it', '"1", "2"', false],
    ['the weak ETag of the revision', 'W/"3"', false],
    ['a weak one among others', '"1", W/"3"', false],
    ['an ETag that is none of ours', '"abc"', false],
    ['an empty ETag', '""', false],
  ])('%s, at revision 3: %s is %s', (_, header, matches) => {
    expect(ifMatch(header)(3)).toBe(matches)
  })

  it.each([['3'], ['"3'], [''], ['"3" "4"'], ['w/"3"'], ['*, "3"'], ['"3",'], ["'3'"]])(
    'that is no list of ETags is 400: %s',
    (header) => {
      expect(() => ifMatch(header)).toThrow(expect.objectContaining({ status: 400, code: 'ifMatchInvalid' }))
    },
  )

  it('that is absent is 428 where it is required', () => {
    expect(() => ifMatch(undefined, true)).toThrow(
      expect.objectContaining({ status: 428, code: 'preconditionRequired' }),
    )
    expect(ifMatch(etagOf(3), true)(3)).toBe(true)
  })

  it('that does not match is a 412 with the ETag that would', () => {
    expect(preconditionFailed(4)).toMatchObject({ status: 412, code: 'preconditionFailed', headers: { ETag: '"4"' } })
  })

  it('cannot be made slow', () => {
    expect(() => ifMatch(`${'"1",'.repeat(4_000)}x`)).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => ifMatch(`"1"${' '.repeat(16_000)}x`)).toThrow(expect.objectContaining({ status: 400 }))
  })
})
