import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { paymentStream } from '../../domain/event.ts'
import { api } from '../crash/api.ts'
import { askAgain } from '../crash/ask-again.ts'
import { emptyJournal, load, type Sent } from '../crash/load.ts'
import { settled } from '../crash/settled.ts'
import { statusFaults } from './statuses.ts'
import type { Failure } from './failures.ts'
import type { Installation } from './installation.ts'
import type { Ledger } from './ledger.ts'
import { type Recovery, untilRecovered } from './recovery.ts'

/** Clients, and how long each waits between an answer and its next command. */
export type Load = { readonly connections: number; readonly pauseMs: number }

/** What a failure under load came to. */
export type Round = Recovery & {
  readonly sent: number
  readonly acknowledged: number
  /** The longest time without an acknowledgement from the failure on, s. */
  readonly silence: number
  readonly faults: readonly string[]
}

/** Acknowledged payments that the log does not have. */
const missing = async (ledger: Ledger, paymentIds: ReadonlySet<string>): Promise<string[]> => {
  const there = new Set((await ledger.readOn()).map(({ stream }) => stream))
  return [...paymentIds]
    .filter((id) => !there.has(paymentStream(id)))
    .map((id) => `${id} was acknowledged and is missing`)
}

/** The longest gap between acknowledgements from the failure to the end of the load, s. */
const longestSilence = (sent: readonly Sent[], struck: number, end: number): number => {
  const times = sent.flatMap(({ answer }) => (answer && answer.at > struck && answer.at < end ? [answer.at] : []))
  const all = [struck, ...times.sort((one, other) => one - other), end]
  return Math.max(...all.slice(1).map((time, n) => time - (all[n] ?? 0))) / 1_000
}

/**
 * Lets a failure happen while so many connections send commands, repairs it after some seconds, waits until commands and
 * reads are whole again, asks every command's answer again, and compares log, answers and tables.
 */
export const failUnderLoad = async (
  on: Installation,
  keys: readonly string[],
  { strike, lastsMs = [1_000, 4_000], leavesOldStatuses = false }: Failure,
  ledger: Ledger,
  { connections, pauseMs }: Load,
): Promise<Round> => {
  const journal = emptyJournal()
  const owner = new Map<Sent, string>()
  const stop = new AbortController()
  const clients = load(on.url, keys, connections, journal, owner, stop.signal, pauseMs)
  const faults: string[] = []
  let recovery: Recovery = { commands: Number.NaN, reads: Number.NaN }
  let struck = performance.now()
  try {
    await sleep(randomInt(1_000, 3_000))
    struck = performance.now()
    const repair = await strike(on)
    const repaired = sleep(randomInt(...lastsMs)).then(repair)
    recovery = await untilRecovered(on.url, keys, journal, owner, struck)
    await repaired
    await sleep(1_000)
  } catch (error) {
    faults.push(String(error))
  } finally {
    stop.abort()
    await clients
  }
  const silence = longestSilence(journal.sent, struck, performance.now())
  const acknowledged = journal.sent.filter(({ answer }) => answer !== undefined).length
  await askAgain(on.url, owner, journal, journal.sent)
  faults.push(...journal.different)
  const system = api(on.url, on.operator)
  faults.push(...(await settled(system)))
  faults.push(...(await missing(ledger, journal.paymentIds)), ...(await ledger.faults()))
  const queries = async () => [`?minPosition=${await ledger.head()}`, ...(leavesOldStatuses ? [] : [''])]
  faults.push(...(await statusFaults(system, ledger, [...journal.paymentIds], queries)))
  return { ...recovery, sent: journal.sent.length, acknowledged, silence, faults }
}
