import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inOrder } from './in-order.ts'

test('texts are written in the order of their places, those ready together at once', async () => {
  const written: string[] = []
  const answers = inOrder((texts) => written.push(texts))
  const [one, two, three, four] = [answers.place(), answers.place(), answers.place(), answers.place()]
  expect(answers.open()).toBe(4)
  two('2')
  await nextTurn()
  expect(written).toEqual([])
  one('1')
  three('3')
  await nextTurn()
  expect(written).toEqual(['123'])
  expect(answers.open()).toBe(1)
  four('4')
  answers.place()('5')
  await nextTurn()
  expect(written).toEqual(['123', '45'])
  expect(answers.open()).toBe(0)
})
