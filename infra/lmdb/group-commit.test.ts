import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { EventStoreBusy } from '../../command-side/event-store.ts'
import { type Bounds, groupCommit } from './group-commit.ts'

type Item = { readonly name: string; readonly bytes: number }
const item = (name: string, bytes = 1): Item => ({ name, bytes })
const bounds: Bounds = { groupItems: 3, groupBytes: 100, queuedItems: 5, queuedBytes: 1_000 }

/** Commits that take a moment, remembered by the names in them. */
const recording = (over: Partial<Bounds> = {}) => {
  const groups: string[][] = []
  const commits = groupCommit<Item, string>(
    async (take) => {
      await sleep(1)
      const names = take().map(({ name }) => name)
      groups.push(names)
      await sleep(1)
      if (names.includes('bad')) throw new Error('no space')
      return names.map((name) => name.toUpperCase())
    },
    { ...bounds, ...over },
  )
  return { groups, commits }
}

describe('groups', () => {
  test('what comes before the commit begins goes with it, what comes later goes together', async () => {
    const { groups, commits } = recording()
    const early = ['a', 'b'].map((name) => commits.add(item(name)))
    const late = commits.idle()
    expect(await Promise.all(early)).toEqual(['A', 'B'])
    await late
    expect(await Promise.all(['c', 'd'].map((name) => commits.add(item(name))))).toEqual(['C', 'D'])
    expect(groups).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  test('no more than fit, in order', async () => {
    const { groups, commits } = recording()
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => commits.add(item(name))))
    expect(groups).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
  })

  test('no heavier than they may be, but never empty', async () => {
    const { groups, commits } = recording()
    await Promise.all([item('a', 60), item('b', 40), item('c', 1), item('huge', 500)].map((each) => commits.add(each)))
    expect(groups).toEqual([['a', 'b'], ['c'], ['huge']])
  })

  test('idle when all has settled', async () => {
    const { groups, commits } = recording()
    const added = ['a', 'b', 'c', 'd'].map((name) => commits.add(item(name)))
    await commits.idle()
    expect(groups.flat()).toEqual(['a', 'b', 'c', 'd'])
    await Promise.all(added)
  })
})

describe('failure', () => {
  test('is that of the whole group and of no other', async () => {
    const { commits } = recording()
    const results = await Promise.allSettled(['a', 'bad', 'b', 'c'].map((name) => commits.add(item(name))))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled'])
    expect(await commits.add(item('again'))).toBe('AGAIN')
  })

  test('before anything was taken is that of those who wait', async () => {
    const commits = groupCommit<Item, string>(async () => {
      await sleep(1)
      throw new Error('closed')
    }, bounds)
    const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => commits.add(item(name))))
    expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'rejected'))
  })
})

describe('a full queue', () => {
  test('takes no more items until some have left', async () => {
    const { commits } = recording()
    const waiting = ['a', 'b', 'c', 'd', 'e'].map((name) => commits.add(item(name)))
    expect(() => commits.add(item('f'))).toThrow(EventStoreBusy)
    await Promise.all(waiting)
    expect(await commits.add(item('f'))).toBe('F')
  })

  test('takes no more bytes, but an item of any size when it is empty', async () => {
    const { commits } = recording()
    const waiting = commits.add(item('huge', 5_000))
    expect(() => commits.add(item('b'))).toThrow(EventStoreBusy)
    expect(await waiting).toBe('HUGE')
    expect(await commits.add(item('b'))).toBe('B')
  })
})
