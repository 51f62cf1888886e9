import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from './parse-json.ts'
import { Problem } from './problem.ts'

const refusal = (text: string): Problem => {
  try {
    parseJson(text)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('a number', () => {
  it.each([
    ['{"amount":12345678901234567890}', '/amount'],
    ['{"amount":9007199254740993}', '/amount'],
    ['{"amount":-9007199254740993}', '/amount'],
    ['{"amount":9007199254740993.0}', '/amount'],
    ['{"amount":1.00000000000000001}', '/amount'],
    ['{"amount":1e400}', '/amount'],
    ['{"amount":1e-400}', '/amount'],
    ['{"amount":123456789012345678e3}', '/amount'],
    ['{"a":{"b":[1,{"c~/d" : 9007199254740993 }]}}', '/a/b/1/c~0~1d'],
    ['[\n9007199254740993]', '/0'],
    ['9007199254740993', ''],
    [`{"amount":1${'0'.repeat(50)}}`, '/amount'],
  ])('that would be rounded is refused with its place: %s', (text, pointer) => {
    const problem = refusal(text)
    expect([problem.status, problem.code]).toEqual([400, 'numberNotExact'])
    expect(problem.errors).toEqual([{ pointer, detail: expect.any(String) }])
    expect(problem.message + problem.errors[0]?.detail).not.toMatch(/\d{5}/)
  })

  it.each([
    '0',
    '-0',
    '1.50',
    '0.1',
    '1e3',
    '1E+2',
    '100e-2',
    '1000000000000',
    '9007199254740991',
    '9007199254740992',
    '1000000000000000000000',
    '123456789012345',
    '0.000000000000001',
    '1.7976931348623157e308',
    '5e-324',
  ])('that JSON.parse gets right is taken: %s', (text) => {
    expect(parseJson(`{"n": ${text}}`)).toEqual({ n: Number(text) })
  })

  it('is left alone inside of text', () => {
    const value = { a: '9007199254740993', b: ': 9007199254740993', c: ': 1e999', d: '[12345678901234567890]' }
    expect(parseJson(JSON.stringify(value))).toEqual(value)
  })

  it('is taken when it is a safe integer, whatever it is', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (integer) => {
        expect(parseJson(`[${integer}]`)).toEqual([integer])
      }),
    )
  })

  it('is refused when it is odd and larger, as no double is', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 52n, max: 10n ** 30n }), fc.boolean(), (half, negative) => {
        const odd = `${negative ? '-' : ''}${half * 2n + 1n}`
        expect(refusal(`{"a":[${odd}]}`).errors[0]?.pointer).toBe('/a/0')
      }),
    )
  })
})

describe('JSON that readers understand differently', () => {
  it.each([
    ['a name given twice', '{"amount":1,"amount":100}', '/amount'],
    ['a name given twice within', '{"a":[{"b":1,"c":{},"b":2}]}', '/a/0/b'],
    ['a name given twice, once in disguise', '{"amount":1,"\\u0061mount":2}', '/amount'],
    ['a name with a quote given twice', '{"a\\"b":1,"a\\"b":2}', '/a"b'],
    ['the empty name given twice', '{"":1,"":2}', '/'],
    ['__proto__', '{"__proto__":{"role":"operator"}}', '/__proto__'],
    ['__proto__ within', '{"metadata":{"__proto__":"x"}}', '/metadata/__proto__'],
    ['__proto__ in disguise', '{"\\u005f_proto__":1}', '/__proto__'],
    ['half a character', '{"reference":"\\ud83d"}', '/reference'],
    ['halves in the wrong order', '{"reference":"\\ude00\\ud83d"}', '/reference'],
    ['a name with half a character', '{"metadata":{"\\ud83d":"x"}}', '/metadata'],
  ])('is refused: %s', (_, text, pointer) => {
    const problem = refusal(text)
    expect([problem.status, problem.code]).toEqual([400, 'invalidRequest'])
    expect(problem.errors.map((fault) => fault.pointer)).toEqual([pointer])
  })

  it('is refused when its nesting has no end', () => {
    expect(refusal('['.repeat(30_000) + ']'.repeat(30_000)).code).toBe('invalidRequest')
    expect(refusal('{"a":'.repeat(33) + '1' + '}'.repeat(33)).code).toBe('invalidRequest')
    expect(parseJson('['.repeat(32) + ']'.repeat(32))).toBeInstanceOf(Array)
  })

  it('names 20 faults at most', () => {
    expect(refusal(`{${'"a":1,'.repeat(1_000)}"a":2}`).errors).toHaveLength(20)
  })

  it('does not mind names that look alike in other places, nor whole characters and other escapes', () => {
    const text = '{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"\\ud83d\\ude00 \\u0041 \\": \\\\","d":"__proto__"}'
    expect(parseJson(text)).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: 2 }], c: '😀 A ": \\', d: '__proto__' })
  })
})

describe('a text that is no JSON', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n\t'],
    ['an open object', '{"card":"4111111111111111"'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a bad word', '{"a":secret}'],
    ['two values', '1 secret'],
    ['a byte order mark', '\ufeff{}'],
    ['a leading zero', '{"a":01}'],
    ['NaN', '{"a":NaN}'],
    ['a line break in text', '{"a":"secret\n"}'],
  ])('is malformed: %s', (_, text) => {
    const problem = refusal(text)
    expect([problem.status, problem.code]).toEqual([400, 'malformedJson'])
    expect(problem.message).not.toMatch(/secret|4111/)
  })
})

describe('any JSON value', () => {
  it('comes back as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        if (text.includes('__proto__')) return
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
      { numRuns: 1_000 },
    )
  })
})
