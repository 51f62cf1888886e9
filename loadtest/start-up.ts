import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long after its start a system accepted a command, and how long until all of it, its read models too, was ready. */
export type StartUp = { readonly commandSeconds: number; readonly readySeconds: number }

/** For people, without what it happened after. */
export const startUpText = ({ commandSeconds, readySeconds }: StartUp): string =>
  `commands after ${commandSeconds.toFixed(1)} s, all ready after ${readySeconds.toFixed(1)} s`

const everyMs = 10
const longestMs = 60_000

/** Resolves when a merchant's first payment is accepted; throws when that takes a minute. */
export const firstCommand = async (url: string, key: string): Promise<void> => {
  const init = {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({ amount: 100, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } }),
  }
  const deadline = performance.now() + longestMs
  const isAccepted = (): Promise<boolean> =>
    fetch(`${url}/v1/payments`, init).then(
      ({ status }) => status === 201,
      () => false,
    )
  while (!(await isAccepted())) {
    if (performance.now() > deadline) throw new Error('no command was accepted within a minute of the start')
    await sleep(everyMs)
  }
}
