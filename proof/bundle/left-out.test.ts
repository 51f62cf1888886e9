import { describe, expect, test } from 'vitest'
import { leftOut, type Promised } from './left-out.ts'

const streams = ['a', 'b', 'a', 'a', 'b', 'c', 'a', 'c']
/** A log of eight events in three streams; `scale` is how far their sequences are apart. */
const events = (scale: number) =>
  streams.map((stream, leaf) => ({
    line: {
      sequence: (leaf + 1) * scale,
      stream,
      revision: streams.slice(0, leaf).filter((each) => each === stream).length,
    },
    leaf,
  }))

/** What is said of a bundle with these leaves. */
const said = (promised: Promised, leaves: readonly number[], scale = 1): readonly string[] => {
  const seen = leftOut(promised)
  const ends = new Map<string, number>()
  const faults = events(scale).map(({ line, leaf }) => {
    if (!leaves.includes(leaf)) {
      seen.skipped()
      return undefined
    }
    const before = ends.get(line.stream)
    ends.set(line.stream, line.revision)
    return seen.event(line, leaf, before)
  })
  return [...faults, seen.ends(streams.length)].filter((fault) => fault !== undefined)
}
const whole = (from: number, to: number): Promised => ({ from, to, isWhole: true })
const some = (from: number, to: number): Promised => ({ from, to, isWhole: false })
const all = [0, 1, 2, 3, 4, 5, 6, 7]

describe('a range', () => {
  test.each<[string, Promised, readonly number[]]>([
    ['with everything', whole(0, 8), all],
    ['in the middle', whole(3, 5), [2, 3, 4]],
    ['beyond what was signed', whole(6, 99), [5, 6, 7]],
  ])('%s is whole', (_, promised, leaves) => {
    expect(said(promised, leaves)).toEqual([])
  })

  test('lacks nothing unseen, whichever events are left out', () => {
    for (let mask = 0; mask < 2 ** all.length - 1; mask++) {
      const leaves = all.filter((leaf) => (mask >> leaf) & 1)
      expect([leaves, said(whole(1, 8), leaves).length > 0]).toEqual([leaves, true])
    }
  })

  test('of a log whose sequences say nothing has everything between its first and its last event', () => {
    expect(said(whole(1, 80), [0, 1, 2, 4, 5, 6, 7], 10)).toContain('events before it are left out')
    expect(said(whole(11, 80), [2, 3, 4], 10)).toEqual([])
    expect(said(whole(11, 80), [], 10)).toEqual(['all events of its range are left out'])
  })
})

describe('events of one merchant', () => {
  test('may leave out others, but nothing between two events of a stream, nor its beginning where the range has that', () => {
    expect(said(some(0, 8), [0, 2, 3, 6])).toEqual([])
    expect(said(some(0, 8), [0, 3, 6])).toEqual(['events of its stream before it are left out'])
    expect(said(some(0, 8), [2, 3, 6])).toEqual(['the beginning of its stream is left out'])
    expect(said(some(3, 8), [2, 3, 6])).toEqual([])
    expect(said(some(0, 8), [])).toEqual([])
  })
})
