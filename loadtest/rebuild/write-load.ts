import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** Payments that are sent one after another by so many clients, until it is stopped. */
export type WriteLoad = {
  /** Payments that were answered with 201 so far. */
  paid(): number
  /** Ends it; throws with what was answered otherwise. */
  stop(): Promise<void>
}

const body = JSON.stringify({ amount: 700, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } })

/** `perSecond` is what all clients send together at most. */
export const startWriteLoad = (url: string, key: string, clients: number, perSecond: number): WriteLoad => {
  let stopped = false
  let paid = 0
  const failures: string[] = []
  const client = async (): Promise<void> => {
    for (let due = performance.now(); !stopped; due += (clients * 1_000) / perSecond) {
      await sleep(Math.max(0, due - performance.now()))
      const headers = {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      }
      const response = await fetch(`${url}/v1/payments`, { method: 'POST', headers, body })
      const text = await response.text()
      if (response.status === 201) paid++
      else failures.push(`${response.status}: ${text}`)
    }
  }
  const running = Array.from({ length: clients }, () =>
    client().catch((error: unknown) => failures.push(String(error))),
  )
  return {
    paid: () => paid,
    stop: async () => {
      stopped = true
      await Promise.all(running)
      if (failures.length > 0) throw new Error(`${failures.length} payments failed, first ${failures[0]}`)
    },
  }
}
