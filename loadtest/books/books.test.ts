import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createFateLog, countFates, readFates } from '../acknowledged.ts'
import type { Command, CommandKind } from '../commands.ts'
import { createMatching } from './matching.ts'

const folder = mkdtempSync(join(tmpdir(), 'daybook-books-'))
afterAll(() => rmSync(folder, { recursive: true }))

const command = (number: number, kind: CommandKind, paymentId = ''): Command => ({
  number,
  kind,
  merchant: number % 65_536,
  plan: 0,
  step: paymentId === '' ? -1 : 0,
  paymentId,
})
const payId = (n: number) => `pay_${String(n).padStart(31, '0')}f`

test('fates are read as they were written, from either end', () => {
  const path = join(folder, 'fates')
  const log = createFateLog(path)
  for (let n = 0; n < 10_000; n++) {
    if (n % 3 === 0) log.notAccepted(command(n, 'payment'))
    else log.accepted(command(n, 'capture', payId(n)), payId(n))
  }
  log.close()
  expect(countFates(path)).toBe(10_000)
  const read = [...readFates(path, 'oldest first')]
  expect(read.map(({ number }) => number)).toEqual(Array.from({ length: 10_000 }, (_, n) => n))
  expect(read[0]).toEqual({ number: 0, kind: 'payment', merchant: 0, accepted: false, paymentId: '' })
  expect(read[9_998]).toMatchObject({ kind: 'capture', merchant: 9_998, accepted: true, paymentId: payId(9_998) })
  expect([...readFates(path, 'newest first')]).toEqual(read.toReversed())
})

test('what is acknowledged and there once is in order, in whatever order it is told', () => {
  const matching = createMatching()
  matching.found('a')
  matching.acknowledged('b')
  matching.acknowledged('a')
  matching.found('b')
  matching.open('c')
  matching.found('c')
  matching.open('d')
  expect(matching.faults()).toEqual([])
})

test('a loss, a double near and far, and what nobody sent are found', () => {
  const lost = createMatching()
  lost.acknowledged('a')
  expect(lost.faults()).toEqual(['a was acknowledged and is missing'])

  const near = createMatching()
  near.found('a')
  near.found('a')
  near.acknowledged('a')
  expect(near.faults()).toEqual(['a is there twice'])

  const far = createMatching()
  far.found('a')
  far.acknowledged('a')
  far.found('a')
  expect(far.faults()).toHaveLength(1)

  const strange = createMatching()
  strange.found('a')
  expect(strange.faults()).toHaveLength(1)
})

test('many faults are told in few lines', () => {
  const matching = createMatching()
  for (let n = 0; n < 1_000; n++) matching.acknowledged(String(n))
  const faults = matching.faults()
  expect(faults.length).toBeLessThan(30)
  expect(faults.at(-1)).toContain('1000 in all')
})
