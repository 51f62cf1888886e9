import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Journal, send, type Sent } from '../crash/load.ts'

/** Seconds after a failure. */
export type Recovery = {
  /** Until a command of each merchant was accepted. */
  readonly commands: number
  /** Until each of them was seen by a read that asks for it. */
  readonly reads: number
}

const longestMs = 120_000
const payment = { amount: 100, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' }, capture: 'manual' }

/**
 * Sends a payment for each key, again and again until it is accepted, then reads it with the position of its answer until
 * it is there. The keys' merchants should be on all servers. Throws after two minutes, and when a read lacks it.
 */
export const untilRecovered = async (
  url: string,
  keys: readonly string[],
  journal: Journal,
  owner: Map<Sent, string>,
  since: number,
): Promise<Recovery> => {
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<number> => {
    while (!(await isSo().catch(() => false))) {
      if (performance.now() - since > longestMs) throw new Error(`${what} after ${longestMs / 1_000} s`)
      await sleep(100)
    }
    return (performance.now() - since) / 1_000
  }
  const recover = async (key: string): Promise<Recovery> => {
    const customerId = randomBytes(12).toString('hex')
    const body = JSON.stringify({ ...payment, customerId })
    const sent: Sent = { path: '/v1/payments', key: randomBytes(12).toString('hex'), body }
    journal.sent.push(sent)
    owner.set(sent, key)
    const commands = await until('no command is accepted', async () => {
      await send(url, key, journal, sent)
      return sent.answer !== undefined
    })
    if (sent.answer?.status !== 201) throw new Error(`a command was refused: ${sent.answer?.body ?? ''}`)
    const { id } = JSON.parse(sent.answer.body) as { id: string }
    const headers = { authorization: `Bearer ${key}` }
    const path = `${url}/v1/payments?customerId=${customerId}&minPosition=${sent.answer.position ?? ''}`
    let page = ''
    const reads = await until('what was accepted cannot be read', async () => {
      const answer = await fetch(path, { headers, signal: AbortSignal.timeout(10_000) })
      page = await answer.text()
      return answer.ok
    })
    if (!page.includes(id)) throw new Error(`${id} is missing in a list that should have it by its position`)
    return { commands, reads }
  }
  const all = await Promise.all(keys.map(recover))
  return {
    commands: Math.max(...all.map(({ commands }) => commands)),
    reads: Math.max(...all.map(({ reads }) => reads)),
  }
}
