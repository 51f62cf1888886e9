import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareRecords, type EventRecord } from './compare-records.ts'
import { digestOf, isSame, nothing, plus } from './digest.ts'
import { locate } from './locate.ts'
import type { Page } from './page.ts'

const hashes = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)

test('a digest is the same in any order and any portions, and that of no others', () => {
  fc.assert(
    fc.property(fc.array(hashes), fc.nat(), (all, cut) => {
      const middle = all.length === 0 ? 0 : cut % all.length
      const parts = plus(digestOf(all.slice(middle).toReversed()), digestOf(all.slice(0, middle)))
      expect(isSame(parts, digestOf(all))).toBe(true)
      expect(isSame(plus(parts, digestOf([0n])), digestOf(all))).toBe(false)
      expect(plus(nothing, parts)).toEqual(parts)
    }),
  )
})

const record = (sequence: number, hash = BigInt(sequence)): EventRecord => ({
  stream: `payment-${sequence % 7}`,
  sequence,
  id: `id ${sequence}`,
  hash,
})

test.each<[string, readonly EventRecord[], readonly string[]]>([
  ['nothing', [record(1), record(2)], []],
  ['one lost', [record(2)], ['lost 1']],
  ['one altered', [record(1), record(2, 9n)], ['altered 2']],
  ['one twice', [record(1), record(2), record(2)], ['doubled 2']],
  ['a copy under another sequence', [record(1), record(2), { ...record(3), id: 'id 1' }], ['doubled 3']],
  ['one of no event', [record(1), record(2), record(3)], ['ahead 3']],
])('%s is what differs', (_, found, expected) => {
  const said = compareRecords([record(1), record(2)], found).map(({ kind, sequence }) => `${kind} ${sequence}`)
  expect(said).toEqual(expected)
})

/** What somebody has done to a place: nothing, or something to some of the records. */
const tamperings = fc.array(fc.record({ at: fc.nat(), how: fc.constantFrom('lost', 'altered', 'doubled') }), {
  maxLength: 5,
})

test('whatever was done is located, with few questions where it is little', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2_000 }), tamperings, async (length, done) => {
      const expected = Array.from({ length }, (_, index) => record(3 * (index + 1)))
      const wanted = new Map<number, string>()
      for (const { at, how } of done) wanted.set(3 * ((at % length) + 1), how)
      const found = expected.flatMap((each) => {
        const how = wanted.get(each.sequence)
        if (how === undefined) return [each]
        if (how === 'lost') return []
        return how === 'altered' ? [{ ...each, hash: each.hash + 1n }] : [each, each]
      })
      const events = expected.map(({ sequence }) => ({ sequence }) as Page['events'][number])
      const within = (all: readonly EventRecord[], { after, upTo }: Page) =>
        all.filter(({ sequence }) => sequence > after && sequence <= upTo)
      let asked = 0
      const differs = async (page: Page): Promise<boolean> => {
        asked++
        const of = (all: readonly EventRecord[]) => digestOf(within(all, page).map(({ hash }) => hash))
        return !isSame(of(expected), of(found))
      }
      const pages = await locate({ log: 0, after: 0, upTo: 3 * length + 2, events }, differs)
      const said = pages.flatMap((page) => compareRecords(within(expected, page), within(found, page)))
      expect(new Map(said.map(({ sequence, kind }) => [sequence, kind]))).toEqual(wanted)
      expect(asked).toBeLessThanOrEqual(1 + 12 * wanted.size)
    }),
    { numRuns: 50 },
  )
})
