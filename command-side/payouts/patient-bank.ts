import type { Unknown } from '../gateways.ts'
import type { Logger } from '../logger.ts'
import type { Bank, BankLookup, BankOrder, BankOutcome } from './bank.ts'

/** A bank as payouts see it: no call rejects, and none takes longer than the timeout. */
export type PatientBank = {
  readonly name: string
  send(order: BankOrder): Promise<BankOutcome | Unknown>
  lookup(order: BankOrder): Promise<BankLookup | Unknown>
}

const unknown: Unknown = { type: 'unknown' }

/** Waits `timeoutMs` for each call. An answer that comes later is dropped: the resolver asks for it. */
export const patientBank = (bank: Bank, timeoutMs: number, logger: Logger): PatientBank => {
  const ask = async <T>(order: BankOrder, call: (signal: AbortSignal) => Promise<T>): Promise<T | Unknown> => {
    const abort = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<Unknown>((resolve) => {
      timer = setTimeout(() => {
        resolve(unknown)
        abort.abort()
      }, timeoutMs)
    })
    try {
      return await Promise.race([call(abort.signal), tooLate])
    } catch (error) {
      logger.warn({ bank: bank.name, payoutId: order.payoutId, error }, 'bank call failed')
      return unknown
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    name: bank.name,
    send: (order) => ask(order, (signal) => bank.send(order, signal)),
    lookup: (order) => ask(order, (signal) => bank.lookup(order, signal)),
  }
}
