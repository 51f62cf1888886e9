import { expect, test } from 'vitest'
import { inTurn } from './in-turn.ts'
import { until } from './testing/until.ts'

test('one after another under one name, side by side under different ones, also after a failure', async () => {
  const turns = inTurn()
  const began: string[] = []
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const first = turns('a', async () => {
    began.push('a1')
    await held
    throw new Error('a1 failed')
  })
  const second = turns('a', async () => {
    began.push('a2')
    return 2
  })
  const other = turns('b', async () => {
    began.push('b1')
    return 3
  })
  expect(await other).toBe(3)
  await until(() => began.length === 2)
  expect(began).toEqual(['a1', 'b1'])
  release()
  await expect(first).rejects.toThrow('a1 failed')
  expect(await second).toBe(2)
  expect(began).toEqual(['a1', 'b1', 'a2'])
})
