import { setTimeout as sleep } from 'node:timers/promises'
import type { Dated } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import type { PaymentResource } from '../../domain/payment/resource.ts'
import { paymentStream } from '../../domain/event.ts'
import { type Position, start } from '../../domain/position.ts'
import { decodeData } from '../../infra/codec/event-codec.ts'
import type { EventLog } from '../../infra/lmdb/event-log.ts'
import { allRead } from '../../projections/unread.ts'
import { countFates, type Fate, readFates } from '../acknowledged.ts'
import type { LoadMerchant } from '../commands.ts'
import { type Api, api } from '../crash/api.ts'
import type { Books } from '../result.ts'
import { effectIn, effectsOf, effectsShown } from './effects.ts'
import { createMatching, type Matching } from './matching.ts'
import { faultsOf, type StreamEvent } from './stream.ts'
import { balanceFaults, noSums, post, type Sums, trialBalanceFaults } from './sums.ts'

// After a run each command that was acknowledged must be there once, each payment must be what the fold of its stream
// says, and the books must balance. What was acknowledged comes from a file, what is there page by page, and the two
// are brought together as they come; so memory does not grow with the run.

/** A run whose books are to be checked. */
export type Checked = {
  readonly url: string
  readonly operator: string
  readonly merchants: readonly LoadMerchant[]
  /** What the run's keys begin with. */
  readonly run: string
  /** The file of what was acknowledged. */
  readonly fates: string
  /** When the run began, RFC 3339, by the clock of the system. */
  readonly since: string
}

const maxFaults = 100

/** Takes acknowledgements until there are as many as what was found, so that both lists are read at the same pace. */
const keepPace = (fates: Iterator<Fate>, { run, merchants }: Checked, matching: Matching) => {
  let accepted = 0
  const take = (): boolean => {
    const { done, value } = fates.next()
    if (done === true) return false
    if (value.accepted) accepted += 1
    for (const effect of effectsOf(value, run, merchants)) {
      if (value.accepted) matching.acknowledged(effect)
      else matching.open(effect)
    }
    return true
  }
  return {
    catchUp: () => {
      while (matching.missing() < 0 && take());
    },
    /** Takes the rest, and gives how many were accepted in all. */
    finish: (): number => {
      while (take());
      return accepted
    },
  }
}

/** Of a run's payments every nth is folded by itself, so that it is about so many in all. */
const spread = ({ fates }: Checked, mostStreams: number): number =>
  Math.max(1, Math.ceil(countFates(fates) / mostStreams))

/** Waits until no outcome is open any more; bounded. */
const untilDecided = async (system: Api): Promise<string[]> => {
  for (let tries = 0; ; tries++) {
    const { data } = await system.get<{ data: readonly unknown[] }>('/v1/payments?status=pending&limit=1')
    if (data.length === 0) return []
    if (tries > 200) return ['payments are still pending after a minute']
    await sleep(300)
  }
}

type Page = { readonly data: readonly PaymentResource[]; readonly nextCursor: string | null }

/** All payments made since then, page by page, newest first. */
async function* paymentsSince(system: Api, since: string): AsyncGenerator<readonly PaymentResource[]> {
  const path = `/v1/payments?limit=1000&from=${encodeURIComponent(since)}`
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await system.get(path + (cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`))
    yield page.data
    cursor = page.nextCursor
  }
}

/** A system's log as far as it was folded. */
export type Folded = { position: Position; readonly sums: Sums }
export const notFolded = (): Folded => ({ position: start, sums: noSums() })

/** Folds what the log has gained, and calls `matched` for each effect in it. */
const foldOn = async (log: EventLog, folded: Folded, eachPage: (effects: readonly string[]) => void): Promise<void> => {
  for (;;) {
    const page = await log.readAll(folded.position, 2_000)
    const events = allRead(page.events)
    if (events.length === 0) return
    for (const event of events) post(folded.sums, event)
    eachPage(events.map(effectIn).filter((effect) => effect !== undefined))
    folded.position = page.position
    // The generator's own watchers are to come to their turn.
    await sleep(0)
  }
}

/** Brings `folded` to the head of the log without checking anything: what is there now is no part of the next run. */
export const foldToHead = (log: EventLog, folded: Folded): Promise<void> => foldOn(log, folded, () => undefined)

/**
 * Checks a run on a system whose log can be read. Each acknowledged command against the log, from where `folded`
 * stands; the number of payments; about so many of them, evenly spread, against the fold of their streams; the balances
 * against the sums of all postings there ever were.
 */
export const checkWithLog = async (
  checked: Checked,
  log: EventLog,
  folded: Folded,
  mostStreams: number,
): Promise<Books> => {
  const system = api(checked.url, checked.operator)
  const faults = await untilDecided(system)
  const matching = createMatching()
  const pace = keepPace(readFates(checked.fates, 'oldest first'), checked, matching)
  let begun = 0
  await foldOn(log, folded, (effects) => {
    for (const effect of effects) {
      if (effect.startsWith('pay_')) begun += 1
      matching.found(effect)
    }
    pace.catchUp()
  })
  const acknowledged = pace.finish()
  faults.push(...matching.faults())

  const everyNth = spread(checked, mostStreams)
  let payments = 0
  let compared = 0
  for await (const page of paymentsSince(system, checked.since)) {
    for (const payment of page) {
      if (payments++ % everyNth !== 0) continue
      compared += 1
      const events = (await log.readStream(paymentStream(payment.id))) as readonly StreamEvent[]
      if (faults.length < maxFaults) faults.push(...faultsOf(payment.id, events, JSON.stringify(payment)))
    }
  }
  if (payments !== begun) faults.push(`the log has ${begun} payments, the read models ${payments}`)
  faults.push(...(await trialBalanceFaults(system, folded.sums)), ...(await balanceFaults(system, folded.sums)))
  return { acknowledged, checked: compared, faults }
}

type Entry = { readonly type: string; readonly recordedAt: string; readonly revision: number; readonly data: object }

const streamOver = async (system: Api, id: string): Promise<StreamEvent[]> =>
  (await system.all<Entry>(`/v1/payments/${id}/events`)).map((entry) => {
    const data = decodeData(entry.type, entry.data as Record<string, unknown>)
    const dated = { type: entry.type, data, recordedAt: entry.recordedAt } as Dated<PaymentEvent>
    return { ...dated, revision: entry.revision }
  })

const atOnce = 16

/**
 * Checks a run over HTTP alone. Each acknowledged command against the payments as they are listed; of these so many,
 * evenly spread, against the fold of their streams; the trial balance against zero. Others may use the system too.
 */
export const checkOverHttp = async (checked: Checked, mostStreams: number): Promise<Books> => {
  const system = api(checked.url, checked.operator)
  const faults = await untilDecided(system)
  const matching = createMatching()
  const pace = keepPace(readFates(checked.fates, 'newest first'), checked, matching)
  const own = new Set(checked.merchants.map(({ id }) => id))
  const everyNth = spread(checked, mostStreams)
  let payments = 0
  let folded = 0
  const check = async (payment: PaymentResource): Promise<void> => {
    const events = await streamOver(system, payment.id)
    folded += 1
    if (faults.length < maxFaults) faults.push(...faultsOf(payment.id, events, JSON.stringify(payment)))
  }
  for await (const page of paymentsSince(system, checked.since)) {
    const mine = page.filter(({ merchantId }) => own.has(merchantId))
    for (const payment of mine) for (const effect of effectsShown(payment)) matching.found(effect)
    pace.catchUp()
    const chosen = mine.filter(() => payments++ % everyNth === 0)
    for (let n = 0; n < chosen.length; n += atOnce) await Promise.all(chosen.slice(n, n + atOnce).map(check))
  }
  const acknowledged = pace.finish()
  faults.push(...matching.faults(), ...(await trialBalanceFaults(system, undefined)))
  return { acknowledged, checked: folded, faults }
}
