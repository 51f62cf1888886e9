import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from './digest.ts'
import { chained, type Line, lineOf, textOf } from './line.ts'

const line: Line = {
  sequence: 12,
  stream: 'payment-pay_1',
  revision: 3,
  hash: sha256('anything'),
  event: '{"id":"1","data":{"amount":18446744073709551616}}',
}

test('a line has one form, in which the event stands as it is', () => {
  const text = textOf(line)
  expect(text).toMatch(
    /^\{"sequence":12,"stream":"payment-pay_1","revision":3,"hash":"[0-9a-f]{64}","event":\{"id":"1".*\}\}$/,
  )
  expect(JSON.parse(text)).toMatchObject({ sequence: 12, event: { id: '1' } })
  expect(lineOf(text)).toEqual(line)
})

test('a stream of any name comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (stream, revision) => {
      expect(lineOf(textOf({ ...line, stream, revision }))).toEqual({ ...line, stream, revision })
    }),
  )
})

test.each([
  ['white space', (text: string) => text.replace(',"stream"', ', "stream"')],
  ['a number with a zero before it', (text: string) => text.replace(':12,', ':012,')],
  ['an escape that is not needed', (text: string) => text.replace('payment', '\\u0070ayment')],
  ['capital digits', (text: string) => text.replace(/"hash":"[^"]*"/, (hash) => hash.toUpperCase())],
  ['something behind it', (text: string) => `${text} `],
  ['an event that is no object', (text: string) => text.replace(/"event":.*/, '"event":5}')],
])('%s makes it another text, which is none', (_, change) => {
  expect(change(textOf(line))).not.toBe(textOf(line))
  expect(lineOf(change(textOf(line)))).toBeUndefined()
})

test('the hash of an event covers its stream, revision, text and all before it, and not its place in the log', () => {
  const own = chained(line, sha256('before'))
  expect(chained({ ...line, sequence: 99 } as Line, sha256('before'))).toBe(own)
  const others = [
    chained(line),
    chained(line, sha256('another')),
    chained({ ...line, revision: 4 }, sha256('before')),
    chained({ ...line, stream: 'payment-pay_2' }, sha256('before')),
    chained({ ...line, event: `${line.event} ` }, sha256('before')),
  ]
  expect(new Set([own, ...others]).size).toBe(6)
})
