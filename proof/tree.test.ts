import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hexOf } from './digest.ts'
import { emptyRoot, leafHash, levelsOf, nodeHash, rootOf, stretchFrom } from './tree.ts'

const leaves = ['', '\0', '\x10', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno']

const grown = (texts: readonly string[]) => {
  const tree = stretchFrom(0)
  for (const text of texts) tree.push({ level: 0, hash: leafHash(text) })
  return tree
}

/** As RFC 9162 defines it, 2.1.1: both sides of the largest power of two that is smaller. */
const defined = (texts: readonly string[]): string => {
  const [only] = texts
  if (texts.length <= 1) return only === undefined ? emptyRoot : leafHash(only)
  let half = 1
  while (2 * half < texts.length) half *= 2
  return nodeHash(defined(texts.slice(0, half)), defined(texts.slice(half)))
}

describe('the tree of RFC 9162', () => {
  // The roots that RFC 6962's reference implementation tests itself with.
  test.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of %i leaves has a known root', (count, root) => {
    expect(hexOf(rootOf(grown(leaves.slice(0, count))))).toBe(root)
  })

  test('has the root that it is defined to have, whatever its size', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 70 }), (texts) => {
        const tree = grown(texts)
        expect(rootOf(tree)).toBe(defined(texts))
        expect(tree.subtrees().map(({ level }) => level)).toEqual(levelsOf(texts.length))
      }),
    )
  })
})

describe('a stretch', () => {
  test('of the middle can stand for its leaves', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(60), (before, within, after) => {
        const texts = Array.from({ length: before + within + after }, (_, index) => `leaf ${index}`)
        const middle = stretchFrom(before)
        for (const text of texts.slice(before, before + within)) middle.push({ level: 0, hash: leafHash(text) })
        const tree = grown(texts.slice(0, before))
        for (const subtree of middle.subtrees()) tree.push(subtree)
        for (const text of texts.slice(before + within)) tree.push({ level: 0, hash: leafHash(text) })
        expect(rootOf(tree)).toBe(defined(texts))
        expect(middle.subtrees().length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(within + 1)))
      }),
    )
  })

  test('takes no subtree where none of its size begins, and has no root of its own', () => {
    const tree = grown(['a'])
    expect(() => tree.push({ level: 1, hash: emptyRoot })).toThrow(RangeError)
    expect(() => rootOf(stretchFrom(1))).toThrow(RangeError)
    expect(tree.end()).toBe(1)
  })
})
