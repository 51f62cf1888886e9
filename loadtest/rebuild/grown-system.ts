import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEventLog } from '../../infra/lmdb/event-log.ts'
import { api } from '../crash/api.ts'
import { lagNow } from '../lag.ts'
import { createKey, startSystem, type System } from '../system.ts'
import { generate } from './generate.ts'

/** A system that has a generated history, with keys of an operator and of the merchant 1001. */
export type GrownSystem = {
  readonly system: System
  readonly operator: string
  readonly merchant: string
  /** Waits until all copies of all projections are at the end of the log. */
  level(): Promise<void>
}

const whole = (number: number): string => Math.round(number).toLocaleString('en-US')

/** Gives the data folder so many events, if it has not more, and starts a system on it; `say` is told how long that took. */
export const growSystem = async (data: string, events: number, say: (line: string) => void): Promise<GrownSystem> => {
  const begunMs = performance.now()
  const took = (): string => whole((performance.now() - begunMs) / 1_000)
  const log = openEventLog({ path: join(data, 'log') })
  if (Number(await log.head()) < events) await generate(log, events, () => undefined)
  say(`${whole(Number(await log.head()))} events are in the log after ${took()} s`)
  await log.close()

  const operator = await createKey(data, 'operator')
  const merchant = await createKey(data, 'merchant', '1001')
  const system = await startSystem(data, { RATE_LIMIT_MAX_REQUESTS: '0' })
  const level = async (): Promise<void> => {
    while ((await lagNow(api(system.url, operator))).events > 0) await sleep(500)
  }
  await level()
  say(`the live copies are there after ${took()} s`)
  return { system, operator, merchant, level }
}
