import { expect, test } from 'vitest'
import { createTeardown } from './teardown.ts'

test('the last step is undone first, once, and whatever fails or hangs keeps nothing from being undone', async () => {
  const undone: string[] = []
  const said: string[] = []
  const teardown = createTeardown({ error: (_, message) => void said.push(message) }, 20)
  teardown.add('the first', async () => void undone.push('the first'))
  teardown.add('one that hangs', () => new Promise(() => undefined))
  teardown.add('one that fails', () => Promise.reject(new Error('no')))
  teardown.add('the last', async () => void undone.push('the last'))
  await teardown.run()
  await teardown.run()
  expect(undone).toEqual(['the last', 'the first'])
  expect(said).toEqual(['one that fails did not stop cleanly', 'one that hangs did not stop cleanly'])
})
