import { expect, test } from 'vitest'
import { runToEnd } from '../../app/testing/program.ts'
import { openShop, settings } from './testing/shop.ts'

const rebuild = (...args: readonly string[]): Promise<string> => runToEnd(['rebuild', ...args], settings)

test('a projection is built again over all shards, switched to and back under reads, and none fails or mixes', async () => {
  const { merchant, pay, position } = await openShop('rebuilt')
  const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => pay({ vpa: `payer.${n}@okbank` })))
  const path = `/v1/payments?limit=100&minPosition=${position()}`
  const list = async () => JSON.stringify((await merchant.get(path)).body)
  const before = await list()

  let [stopped, reads] = [false, 0]
  const answers = new Set<string>()
  const reading = (async () => {
    while (!stopped) {
      answers.add(await list())
      const { status, body } = await merchant.get(`/v1/payments/${ids[reads % ids.length]}`)
      if (status !== 200 || body['captured'] !== 900) answers.add(JSON.stringify([status, body]))
      reads += 1
    }
  })()
  try {
    const built = await rebuild('payments', '--switch')
    expect(built).toContain('The copies are the same.')
    await rebuild('payments', '--rollback')
    await rebuild('payments', '--drop')
  } finally {
    stopped = true
    await reading
  }
  expect(reads).toBeGreaterThan(20)
  expect([...answers]).toEqual([before])
}, 120_000)
