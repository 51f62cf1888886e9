import { expect, test } from 'vitest'
import { createLoop } from './loop.ts'
import { until } from './testing/until.ts'

const logged: unknown[] = []
const note = (fields: unknown) => logged.push(fields)
const logger = { info: note, warn: note, error: note }

test('goes round and round, also after a round that failed', async () => {
  let rounds = 0
  const round = async () => {
    rounds++
    if (rounds === 2) throw new Error('no luck')
  }
  const loop = createLoop('test', 1, round, logger)
  loop.start()
  await until(() => rounds >= 4)
  await loop.stop()
  const after = rounds
  expect(logged).toEqual([{ err: new Error('no luck'), loop: 'test' }])
  await new Promise((resolve) => {
    setTimeout(resolve, 10)
  })
  expect(rounds).toBe(after)
})

test('stop waits for the round under way and cuts the pause short', async () => {
  let ended = false
  const round = async (signal: AbortSignal) => {
    await until(() => signal.aborted)
    ended = true
  }
  const busy = createLoop('busy', 1, round, logger)
  busy.start()
  await busy.stop()
  expect(ended).toBe(true)

  let rounds = 0
  const resting = createLoop('resting', 3_600_000, async () => void rounds++, logger)
  resting.start()
  await until(() => rounds === 1)
  await resting.stop()
})

test('stop before start is nothing', async () => {
  await createLoop('idle', 1, () => Promise.reject(new Error('never')), logger).stop()
})
