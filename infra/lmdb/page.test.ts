import { expect, test } from 'vitest'
import { chain, hashOf, noHash, previousSequenceOf, revisionOf, streamOf, type Tail, textOf } from './entry.ts'
import { countIn, entriesIn, entryIn, type Page, pageWriter } from './page.ts'

type Written = { readonly first: number; readonly page: Page }
const recording = () => {
  const written: Written[] = []
  return { written, writer: pageWriter((first, page) => written.push({ first, page: Buffer.from(page) })) }
}

const sizes = [10, 700, 16_000, 200, 5, 40_000, 1, 400_000, 20, 90_000, 700, 700]

test('pages follow each other without holes, each as full as it may be, large events alone', () => {
  const { written, writer } = recording()
  writer.begin(7)
  const texts = Array.from({ length: 300 }, (_, n) => 'é'.repeat((sizes[n % sizes.length] ?? 0) / 2) + n)
  let tail: Tail | undefined
  for (const text of texts) tail = writer.add('payment-1', text, tail)
  writer.flush()
  expect(tail).toMatchObject({ sequence: 307, revision: 299 })

  let next = 8
  let previous = noHash
  for (const { first, page } of written) {
    expect(first).toBe(next)
    expect(page.length <= 16_368 || countIn(page) === 1).toBe(true)
    for (const [number, entry] of [...entriesIn(page)].entries()) {
      expect(entryIn(page, number)?.equals(entry)).toBe(true)
      expect([streamOf(entry), textOf(entry)]).toEqual(['payment-1', texts[next - 8]])
      expect([revisionOf(entry), previousSequenceOf(entry)]).toEqual([next - 8, next === 8 ? 0 : next - 1])
      const hash = hashOf(entry)
      expect(chain(Buffer.from(entry), previous)).toBe(hash)
      previous = hash
      next += 1
    }
    expect(entryIn(page, countIn(page))).toBeUndefined()
  }
  expect(next).toBe(308)
})

test('nothing added is nothing put, and what was not put is forgotten by the next beginning', () => {
  const { written, writer } = recording()
  writer.begin(0)
  writer.flush()
  writer.add('payment-1', 'lost', undefined)
  writer.begin(0)
  expect(writer.add('payment-2', 'kept', undefined)).toMatchObject({ sequence: 1, revision: 0 })
  writer.flush()
  writer.flush()
  expect(written.map(({ first, page }) => [first, ...[...entriesIn(page)].map(textOf)])).toEqual([[1, 'kept']])
})

test('a page whose lengths do not add up is an error, not an endless walk', () => {
  expect(() => countIn(Buffer.alloc(100))).toThrow('damaged')
  const page = Buffer.alloc(100)
  page.writeUInt32BE(101)
  expect(() => [...entriesIn(page)]).toThrow('damaged')
})
