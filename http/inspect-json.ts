import { pointerStep } from './pointer.ts'
import { type Fault, Problem } from './problem.ts'

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g
const loneSurrogate = /\p{Surrogate}/u
const longestNumber = 40
const mostFaults = 20

/** A decimal number in one form: no needless zeros, no point; "1.50e3" and "1500" are the same. */
const decimalOf = (number: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}

const isExact = (number: string): boolean =>
  number.length <= longestNumber && decimalOf(number) === decimalOf(String(Number(number)))

/**
 * Goes through the tokens of a valid JSON text and throws what JSON.parse lets pass in silence: rounded numbers
 * (`numberNotExact`), and names given twice, `__proto__` and lone surrogates (`invalidRequest`).
 */
export const inspectJson = (text: string): void => {
  const rounded: Fault[] = []
  const unclear: Fault[] = []
  const rest = text.matchAll(tokens)
  const next = (): string => rest.next().value?.[0] ?? ''

  const inspectString = (token: string, pointer: string): string => {
    const content = String(JSON.parse(token))
    if (loneSurrogate.test(content)) unclear.push({ pointer, detail: 'has half a character' })
    return content
  }

  const inspectObject = (pointer: string): void => {
    const names = new Set<string>()
    for (let token = next(); token !== '}'; token = next()) {
      if (token === ',') continue
      const name = inspectString(token, pointer)
      const member = `${pointer}${pointerStep(name)}`
      if (names.has(name)) unclear.push({ pointer: member, detail: 'is given twice' })
      if (name === '__proto__') unclear.push({ pointer: member, detail: 'is not a name that can be used' })
      names.add(name)
      next()
      inspectValue(next(), member)
    }
  }

  const inspectList = (pointer: string): void => {
    let index = 0
    for (let token = next(); token !== ']'; token = next()) {
      if (token === ',') continue
      inspectValue(token, `${pointer}${pointerStep(index)}`)
      index += 1
    }
  }

  const inspectValue = (token: string, pointer: string): void => {
    if (token === '{') return inspectObject(pointer)
    if (token === '[') return inspectList(pointer)
    if (token.startsWith('"')) return void inspectString(token, pointer)
    if (/^[-\d]/.test(token) && !isExact(token)) {
      rounded.push({ pointer, detail: 'has more digits than a number can hold exactly' })
    }
  }

  inspectValue(next(), '')
  if (rounded.length > 0) {
    throw new Problem(400, 'numberNotExact', 'A number would have to be rounded, so it is refused', {
      errors: rounded.slice(0, mostFaults),
    })
  }
  if (unclear.length > 0) {
    throw new Problem(400, 'invalidRequest', 'The JSON can be understood in more than one way', {
      errors: unclear.slice(0, mostFaults),
    })
  }
}
