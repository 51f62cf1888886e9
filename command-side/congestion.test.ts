import { expect, test } from 'vitest'
import { createAdmission } from './admission.ts'
import { createCongestion } from './congestion.ts'
import type { EventStore } from './event-store.ts'
import { paymentStream } from '../domain/event.ts'

const stream = paymentStream('pay_a')
const unused = () => Promise.reject(new Error('nobody asks'))
const storeOf = (append: EventStore['append']): EventStore => ({
  append,
  readStream: unused,
  streamRevision: unused,
  head: unused,
})
const appended = { type: 'appended', revision: 0, position: '1' } as const

/** A store whose appends take as long as they are told to, by a clock of its own, one after another. */
const storeTaking = () => {
  let clock = 0
  let tookMs = 0
  const congestion = createCongestion(20_000, () => clock)
  const store = congestion.watch(
    storeOf(async () => {
      clock += tookMs
      return appended
    }),
  )
  const appends = async (count: number, ms: number): Promise<void> => {
    tookMs = ms
    for (let n = 0; n < count; n++) await store.append(stream, 'none', [])
  }
  return { congestion, appends }
}

test('it grows with each append that is quick, up to the most there may be', async () => {
  const { congestion, appends } = storeTaking()
  expect(congestion.limit()).toBe(512)
  await appends(100, 20)
  expect(congestion.limit()).toBe(612)
  await appends(30_000, 20)
  expect(congestion.limit()).toBe(20_000)
})

test('it stays where appends are neither quick nor slow', async () => {
  const { congestion, appends } = storeTaking()
  await appends(100, 600)
  expect(congestion.limit()).toBe(512)
})

test('it shrinks by a share with what is slow, and never to nothing', async () => {
  const { congestion, appends } = storeTaking()
  await appends(1, 1_500)
  expect(congestion.limit()).toBe(358)
  await appends(100, 1_500)
  expect(congestion.limit()).toBe(256)
  await appends(10, 20)
  expect(congestion.limit()).toBe(266)
})

test('many slow ones at the same time shrink it once', async () => {
  let clock = 0
  const congestion = createCongestion(20_000, () => clock)
  const answers: (() => void)[] = []
  const slow = congestion.watch(storeOf(() => new Promise((resolve) => answers.push(() => resolve(appended)))))
  const all = Array.from({ length: 50 }, () => slow.append(stream, 'none', []))
  clock = 3_000
  for (const answer of answers) answer()
  await Promise.all(all)
  expect(congestion.limit()).toBe(358)
})

test('a store that cannot be used counts as slow as it is', async () => {
  let clock = 0
  const congestion = createCongestion(20_000, () => clock)
  const broken = congestion.watch(
    storeOf(async () => {
      clock += 30_000
      throw new Error('nobody there')
    }),
  )
  await expect(broken.append(stream, 'none', [])).rejects.toThrow('nobody there')
  expect(congestion.limit()).toBe(358)
})

test('who waits for a gateway takes no room from others', async () => {
  let elsewhere = 0
  const admission = createAdmission(100, { limit: () => 2, elsewhere: () => elsewhere })
  const forever = new Promise<void>(() => undefined)
  void admission.run(() => forever)
  void admission.run(() => forever)
  await expect(admission.run(async () => 1)).rejects.toMatchObject({ code: 'overloaded' })
  elsewhere = 1
  await expect(admission.run(async () => 1)).resolves.toBe(1)
})

test('who can wait for room leaves some to those who cannot', async () => {
  const admission = createAdmission(100, { limit: () => 4, elsewhere: () => 0 })
  const forever = new Promise<void>(() => undefined)
  for (let n = 0; n < 3; n++) void admission.run(() => forever)
  expect(admission.room()).toBeInstanceOf(Promise)
  admission.requireOpen()
  await expect(admission.run(async () => 1)).resolves.toBe(1)
})
