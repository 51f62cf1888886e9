import { describe, expect, it } from 'vitest'
import { firstDayFrom } from './instant.ts'

describe('the first day from a moment on', () => {
  it.each([
    ['a midnight', '2026-11-22T00:00:00Z', '2026-11-22'],
    ['during a day', '2026-11-22T00:00:00.001Z', '2026-11-23'],
    ['the end of time', '9999-12-31T23:59:59Z', '9999-12-31'],
    ['beyond it', '9999-12-31T23:59:59-23:59', '9999-12-31'],
    ['the year 0', '0000-01-01', '0001-01-01'],
    ['before it', '0000-01-01T00:00:00+23:59', '0001-01-01'],
  ])('%s', (_, moment, day) => {
    expect(firstDayFrom(new Date(moment))).toBe(day)
  })

  it('is none when there is no moment', () => {
    expect(firstDayFrom(undefined)).toBeUndefined()
  })
})
