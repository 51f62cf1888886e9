import { beforeEach, expect, test } from 'vitest'
import { leaseOfSeveral } from './lease-of-several.ts'
import type { RelayLease } from './relay-lease.ts'
import { type MemoryLease, memoryLease } from './testing/memory-lease.ts'
import { randomFrom } from './testing/random.ts'

let places: readonly [MemoryLease, MemoryLease]
/** Who does not see which place: `a 0`. */
let cut: Set<string>

beforeEach(() => {
  places = [memoryLease(), memoryLease()]
  cut = new Set()
})

const relay = (name: string): RelayLease =>
  leaseOfSeveral(places.map((place, index) => place.of(name, () => cut.has(`${name} ${index}`) || cut.has(`${index}`))))
const holders = (): readonly (string | undefined)[] => places.map((place) => place.holder())
const checkpoints = (): readonly number[] => places.map((place) => place.checkpoint())

test('one has it in all places, with its checkpoint', async () => {
  const [a, b] = [relay('a'), relay('b')]
  expect([await a.take(0), await b.take(0)]).toEqual([0, undefined])
  expect(await a.keep(0, 7)).toBe(true)
  expect([holders(), checkpoints()]).toEqual([
    ['a', 'a'],
    [7, 7],
  ])
  await a.release(0)
  expect(await b.take(0)).toBe(7)
})

test('it goes on where one place is lost, and the next one begins at its checkpoint there', async () => {
  const [a, b] = [relay('a'), relay('b')]
  await a.take(0)
  cut.add('0')
  expect(await a.keep(0, 40)).toBe(true)
  expect(await b.take(0)).toBeUndefined()
  places[1].expire()
  expect(await b.take(0)).toBe(40)
  expect(await a.keep(0, 41)).toBe(false)
})

test('a place that comes back with an old checkpoint takes nobody back', async () => {
  const [a, b] = [relay('a'), relay('b')]
  await a.take(0)
  await a.keep(0, 5)
  cut.add('0')
  await a.keep(0, 90)
  cut.clear()
  places[0].expire()
  expect(await b.take(0)).toBeUndefined()
  expect(await a.keep(0, 91)).toBe(true)
  expect([holders(), checkpoints()]).toEqual([
    ['a', 'a'],
    [91, 91],
  ])
  cut.add('0')
  await a.keep(0, 120)
  await a.release(0)
  cut.clear()
  places[0].expire()
  expect(await b.take(0)).toBe(120)
})

test('a place that was away when it was taken has it as soon as it answers', async () => {
  const a = relay('a')
  cut.add('0')
  expect([await a.take(0), await a.keep(0, 3)]).toEqual([0, true])
  cut.clear()
  expect(await a.keep(0, 4)).toBe(true)
  expect([holders(), checkpoints()]).toEqual([
    ['a', 'a'],
    [4, 4],
  ])
})

test('of two who do not see the same places one is left when they do', async () => {
  const [a, b] = [relay('a'), relay('b')]
  cut.add('a 0').add('b 1')
  expect([await a.take(0), await b.take(0)]).toEqual([0, 0])
  await a.keep(0, 10)
  await b.keep(0, 20)
  cut.clear()
  expect([await a.keep(0, 11), await b.keep(0, 21)]).toEqual([false, true])
  expect([holders(), checkpoints()]).toEqual([
    ['b', 'b'],
    [21, 21],
  ])
})

test('nobody has it where no place answers, and who has it is not told that it is lost', async () => {
  const a = relay('a')
  await a.take(0)
  cut.add('0').add('1')
  await expect(relay('b').take(0)).rejects.toThrow('cannot be reached')
  await expect(a.keep(0, 1)).rejects.toThrow('cannot be reached')
  cut.clear()
  expect(await a.keep(0, 1)).toBe(true)
})

test('a place that was away and says nothing holds nobody up', async () => {
  const silent = (): Promise<never> => new Promise(() => undefined)
  let calls = 0
  const gone = () => (calls++ === 0 ? Promise.reject(new Error('gone')) : silent())
  const a = leaseOfSeveral([{ take: gone, keep: gone, release: gone }, places[1].of('a')])
  expect(await a.take(0)).toBe(0)
  expect(await a.keep(0, 3)).toBe(true)
  await a.release(0)
  expect([places[1].holder(), places[1].checkpoint()]).toEqual([undefined, 3])
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])('whatever is lost and comes back, one is left at last (seed %i)', async (seed) => {
  const random = randomFrom(seed)
  const names = ['a', 'b', 'c']
  const relays = names.map((name) => ({ lease: relay(name), has: false }))
  let confirmed = 0
  const turn = async (each: (typeof relays)[number]): Promise<void> => {
    if (each.has) each.has = await each.lease.keep(0, ++confirmed).catch(() => true)
    else each.has = (await each.lease.take(0).catch(() => undefined)) !== undefined
  }
  for (let step = 0; step < 60; step++) {
    const line = `${random.chance(0.3) ? '' : `${names[random.below(3)]} `}${random.below(2)}`
    if (random.chance(0.15)) cut.add(line)
    if (random.chance(0.3)) cut.clear()
    if (random.chance(0.1)) places[random.below(2) === 0 ? 0 : 1].expire()
    const each = relays[random.below(3)]
    if (each !== undefined) await turn(each)
  }
  cut.clear()
  for (let round = 0; round < 4; round++) for (const each of relays) await turn(each)
  expect(relays.filter(({ has }) => has)).toHaveLength(1)
  expect(new Set(holders()).size).toBe(1)
})
