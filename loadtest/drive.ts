import { setTimeout as sleep } from 'node:timers/promises'
import type { FateLog } from './acknowledged.ts'
import { outcomeOf, outcomesOf } from './answers.ts'
import type { Command, Commands } from './commands.ts'
import { type Connection, openConnections } from './connections.ts'
import { createLatencies } from './latencies.ts'
import type { Percentiles, Second } from './result.ts'

/** A load. */
export type Load = {
  readonly url: string
  readonly connections: number
  /** Commands in a request; 1 for requests of a command each. */
  readonly batch: number
  /** Commands a second of an open loop; a closed loop without it. */
  readonly rate?: number
  /** Sent before anything is measured. */
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Ends it early, at the end of a second. */
  readonly signal?: AbortSignal
}

/** What came of a load; the warm-up is left out. */
export type Driven = {
  /** Accepted while it was measured. */
  readonly transactions: number
  /** Accepted of all that were due while it was measured. */
  readonly successRate: number
  readonly errors: Readonly<Record<string, number>>
  /** Of 503s, how many said when to come again. */
  readonly retryAfter: number
  readonly latency: Percentiles
  readonly timeline: readonly Omit<Second, 'lagEvents'>[]
}

/** What is told while it goes on: when the warm-up has passed, and each second that has. */
export type Watcher = { onMeasured(): void; onSecond(second: Omit<Second, 'lagEvents'>): void }

type UnderWay = { readonly commands: readonly Command[]; readonly due: number }

// How often it is looked whether a request is due; a closed loop sends when answers come.
const openTickMs = 1
const closedTickMs = 50
const longestDrainMs = 35_000

const saysWhen = (headers: readonly string[]): boolean => headers.some((name) => name.toLowerCase() === 'retry-after')

/**
 * Sends a load and follows each request to its answer. In a closed loop each connection sends as soon as it has its
 * answer: the ceiling. In an open loop requests are due at even intervals, whatever becomes of those before; one that
 * finds no connection free waits, and is sent as soon as there is one. Its latency counts from the moment it was due,
 * not from when it could be sent, so a stall of the system (or of this process) is paid for by all who would have come
 * in the meantime: nothing is omitted in coordination with the system. What was due and could not be sent at all in the
 * time is an error (`not sent`), and counts among the latencies with the time it has waited.
 */
export const drive = async (load: Load, commands: Commands, fates: FateLog, watcher: Watcher): Promise<Driven> => {
  const { connections: count, batch, rate, warmUpSeconds, signal } = load
  const intervalMs = rate === undefined ? undefined : (1_000 * batch) / rate
  const begin = performance.now() + 200
  const from = begin + warmUpSeconds * 1_000
  let to = from + load.seconds * 1_000

  const underWay = new Map<Connection, UnderWay>()
  const idle: Connection[] = []
  let arrivals = 0
  let isMeasured = false

  const errors: Record<string, number> = {}
  const total = createLatencies()
  const ofSecond = createLatencies()
  const timeline: Omit<Second, 'lagEvents'>[] = []
  let transactions = 0
  let accepted = 0
  let failed = 0
  let retryAfter = 0
  let inSecond = { transactions: 0, errors: 0 }

  const fail = (name: string, times: number): void => {
    errors[name] = (errors[name] ?? 0) + times
    failed += times
  }

  const endSecond = (): void => {
    const second = {
      second: timeline.length,
      ...inSecond,
      p50: ofSecond.percentile(50),
      p99: ofSecond.percentile(99),
    }
    timeline.push(second)
    watcher.onSecond(second)
    ofSecond.reset()
    inSecond = { transactions: 0, errors: 0 }
  }

  const keepTime = (now: number): void => {
    if (now < from) return
    if (!isMeasured) {
      isMeasured = true
      watcher.onMeasured()
    }
    while (from + timeline.length * 1_000 < to && now >= from + (timeline.length + 1) * 1_000) endSecond()
  }

  const measure = (due: number, now: number, good: number, bad: number): void => {
    keepTime(now)
    if (now >= from && now < to) {
      transactions += good
      inSecond.transactions += good
      inSecond.errors += bad
      ofSecond.record(now - due)
    }
    if (due < from) return
    accepted += good
    total.record(now - due)
  }

  const send = (connection: Connection, due: number): void => {
    const one = batch === 1 ? commands.next() : undefined
    const many = one === undefined ? commands.nextBatch(batch) : [one]
    underWay.set(connection, { commands: many, due })
    connection.send(one === undefined ? commands.batchRequest(many) : commands.request(one))
  }

  /** When the next request is due, of an open loop. */
  const nextDue = (interval: number): number => begin + arrivals * interval

  const onReady = (connection: Connection): void => {
    const now = performance.now()
    if (now >= to) return
    if (intervalMs === undefined && now >= begin) return send(connection, now)
    const due = intervalMs === undefined ? Infinity : nextDue(intervalMs)
    if (due > now) {
      idle.push(connection)
      return
    }
    arrivals += 1
    send(connection, due)
  }

  const onAnswer = (connection: Connection, status: number, body: string, headers: readonly string[]): void => {
    const request = underWay.get(connection)
    if (request === undefined) return
    underWay.delete(connection)
    const now = performance.now()
    const [first] = request.commands
    const outcomes =
      batch === 1 && first !== undefined ? [outcomeOf(first, status, body)] : outcomesOf(request.commands, status, body)
    let good = 0
    for (const [index, command] of request.commands.entries()) {
      const outcome = outcomes[index] ?? { error: `${status}` }
      if ('paymentId' in outcome) {
        good += 1
        fates.accepted(command, outcome.paymentId)
        if (!outcome.isPending) commands.accepted(command, outcome.paymentId)
      } else {
        fates.notAccepted(command)
        if (request.due >= from) fail(outcome.error, 1)
      }
    }
    if (status === 503 && request.due >= from && saysWhen(headers)) retryAfter += request.commands.length
    measure(request.due, now, good, request.commands.length - good)
  }

  const onLost = (connection: Connection, reason: string): void => {
    const request = underWay.get(connection)
    if (request === undefined) return
    underWay.delete(connection)
    for (const command of request.commands) fates.notAccepted(command)
    if (request.due >= from) fail(reason, request.commands.length)
    measure(request.due, performance.now(), 0, request.commands.length)
  }

  const connections = openConnections(load.url, count, { onReady, onAnswer, onLost })
  while (performance.now() < to) {
    await sleep(intervalMs === undefined ? closedTickMs : openTickMs)
    const now = performance.now()
    keepTime(now)
    if (signal?.aborted) to = Math.min(to, from + (timeline.length + 1) * 1_000)
    for (let waiting = idle.length; waiting > 0 && now >= begin; waiting--) {
      const connection = idle.shift()
      if (connection !== undefined) onReady(connection)
    }
  }
  if (intervalMs !== undefined) {
    // Each of these would have come while it was measured, and found no connection.
    for (let due = nextDue(intervalMs); due < to; due += intervalMs) {
      if (due < from) continue
      fail('not sent', batch)
      total.record(to - due)
    }
  }
  const patience = performance.now() + longestDrainMs
  while (underWay.size > 0 && performance.now() < patience) await sleep(10)
  await connections.close()
  for (const connection of underWay.keys()) onLost(connection, 'no answer in time')
  keepTime(performance.now())
  return {
    transactions,
    successRate: accepted + failed === 0 ? 0 : accepted / (accepted + failed),
    errors,
    retryAfter,
    latency: total.percentiles(),
    timeline,
  }
}
