import { expect, test } from 'vitest'
import { sharedHead } from './shared-head.ts'

test('who asks while an answer is awaited gets the next one, together with all others', async () => {
  const answers: ((position: string) => void)[] = []
  const head = sharedHead({ head: () => new Promise((resolve) => answers.push(resolve)) })
  const first = head()
  const others = [head(), head(), head()]
  expect(answers).toHaveLength(1)
  answers[0]?.('7')
  expect(await first).toBe('7')
  await expect.poll(() => answers.length).toBe(2)
  answers[1]?.('9')
  expect(await Promise.all(others)).toEqual(['9', '9', '9'])
})

test('while the log cannot be asked it is the last that was known', async () => {
  let broken = false
  const head = sharedHead({ head: () => (broken ? Promise.reject(new Error('gone')) : Promise.resolve('7')) })
  expect(await head()).toBe('7')
  broken = true
  expect(await Promise.all([head(), head(), head()])).toEqual(['7', '7', '7'])
})
