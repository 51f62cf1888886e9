import { setTimeout as sleep } from 'node:timers/promises'
import type { Dated, DomainEvent } from '../../domain/event.ts'
import type { PaymentEvent } from '../../domain/payment/event.ts'
import { evolvePayment } from '../../domain/payment/evolve.ts'
import { paymentResource } from '../../domain/payment/resource.ts'
import type { PaymentState } from '../../domain/payment/state.ts'
import type { PayoutEvent } from '../../domain/payout/event.ts'
import { evolvePayout } from '../../domain/payout/evolve.ts'
import { payoutResource } from '../../domain/payout/resource.ts'
import type { PayoutState } from '../../domain/payout/state.ts'
import { postings } from '../../domain/postings.ts'
import { decodeData } from '../../infra/codec/event-codec.ts'
import { type Api, api } from './api.ts'
import type { Journal } from './load.ts'
import { settled } from './settled.ts'

/** What was looked at and what is wrong. */
export type Findings = {
  readonly payments: number
  readonly payouts: number
  readonly events: number
  readonly faults: readonly string[]
}

type Entry = {
  readonly type: string
  readonly recordedAt: string
  readonly revision: number
  readonly data: Record<string, unknown>
}

const dated = (entry: Entry): Dated =>
  ({ type: entry.type, data: decodeData(entry.type, entry.data), recordedAt: entry.recordedAt }) as Dated

const foldPayment = (events: readonly Dated[]): string => {
  let state: PaymentState
  for (const event of events) state = evolvePayment(state, event as Dated<PaymentEvent>)
  return state ? JSON.stringify(paymentResource(state)) : ''
}

const foldPayout = (events: readonly Dated[]): string => {
  let state: PayoutState
  for (const event of events) state = evolvePayout(state, event as Dated<PayoutEvent>)
  return state ? JSON.stringify(payoutResource(state)) : ''
}

type TrialBalance = {
  readonly data: readonly {
    readonly account: string
    readonly layer: string
    readonly debit: number
    readonly credit: number
  }[]
  readonly totals: readonly { readonly currency: string; readonly layer: string; readonly difference: number }[]
}

/** Accounts that nothing but payments' events move. */
const ofPaymentsAlone = ['gatewayReceivable', 'fees', 'disputes']

/** Sums of postings by merchant and account, posted layer. */
type Books = Map<string, bigint>

const post = (books: Books, event: DomainEvent): void => {
  for (const { merchantId, account, layer, amount } of postings(event)) {
    const name = `${merchantId} ${account} ${layer}`
    books.set(name, (books.get(name) ?? 0n) + amount)
  }
}

const eachOf = async (items: readonly string[], work: (item: string) => Promise<void>): Promise<void> => {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: 32 }, worker))
}

const operationNames = ['captureId', 'refundId', 'voidId', 'incrementId', 'disputeId'] as const

/** The operation an event is about, '' where it is about the whole payment or payout. */
const operationOf = ({ data }: Entry): string => {
  const id = operationNames.map((name) => data[name]).find((value) => value !== undefined)
  return typeof id === 'string' ? id : ''
}

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index)

/** A merchant's balances as they are read and as they must be; a settlement that comes in between is waited for. */
const balancesOf = async (
  system: Api,
  merchantId: string,
  books: Books,
): Promise<{ found: string; expected: string }> => {
  const own = <T extends { merchantId: string }>(all: readonly T[]): T[] =>
    all.filter((each) => each.merchantId === merchantId)
  for (let tries = 0; ; tries++) {
    const settlements = own(await system.all<{ merchantId: string; net: number }>('/v1/settlements'))
    const payouts = own(await system.all<{ merchantId: string; amount: number; status: string }>('/v1/payouts'))
    const { data } = await system.get<{ data: { pending: number; available: number; inTransit: number }[] }>(
      `/v1/balances?merchantId=${merchantId}&currency=INR`,
    )
    const net = settlements.reduce((sum, each) => sum + each.net, 0)
    const open = payouts
      .filter((each) => !['failed', 'returned'].includes(each.status))
      .reduce((sum, each) => sum + each.amount, 0)
    const { pending = 0, available = 0, inTransit = 0 } = data[0] ?? {}
    const found = JSON.stringify({ pending, available, inTransit })
    const expected = JSON.stringify({
      pending: -Number(books.get(`${merchantId} merchantPending posted`) ?? 0n) - net,
      available: net - open,
      inTransit: open,
    })
    if (found === expected || tries > 20) return { found, expected }
    await sleep(500)
  }
}

/** A gateway or bank has not yet said what became of something. */
const isUnderWay = (document: string): boolean => /"status":"(?:pending|requested)"/.test(document)

/** Compares what clients were told, what the log says and what the read models say. */
export const verify = async (
  url: string,
  operator: string,
  merchants: readonly string[],
  journal: Journal,
  say: (text: string) => void,
): Promise<Findings> => {
  const system = api(url, operator)
  const faults = await settled(system)
  const books: Books = new Map()
  let events = 0

  /** A stream and what the read model makes of it, once nothing of it is under way any more. */
  const atRest = async (kind: string, id: string): Promise<{ data: Entry[]; document: string }> => {
    for (let tries = 0; ; tries++) {
      const { data } = await system.get<{ data: (Entry & { position: string })[] }>(`/v1/${kind}/${id}/events`)
      const document = await system.text(`/v1/${kind}/${id}?minPosition=${data.at(-1)?.position ?? '0'}`)
      const { revision } = JSON.parse(document) as { revision: number }
      if (tries > 100 || (revision === data.length - 1 && !isUnderWay(document))) return { data, document }
      await sleep(300)
    }
  }

  const check = (kind: 'payments' | 'payouts', fold: (events: readonly Dated[]) => string) => async (id: string) => {
    const { data, document } = await atRest(kind, id)
    events += data.length
    if (data.some((entry, revision) => entry.revision !== revision)) faults.push(`${id} has holes in its stream`)
    const ids = data.map((entry) => `${entry.type} ${operationOf(entry)}`)
    for (const twice of repeated(ids)) faults.push(`${id} has ${twice} twice`)
    const history = data.map(dated)
    for (const event of history) post(books, event)
    if (document !== fold(history)) faults.push(`${id}: the read model differs from the fold of its stream`)
    if (isUnderWay(document)) faults.push(`${id} still has something pending`)
  }

  for (const kind of ['payments', 'payouts'] as const) {
    const known = kind === 'payments' ? journal.paymentIds : journal.payoutIds
    const listed = new Set(await system.ids(`/v1/${kind}`))
    for (const id of known) if (!listed.has(id)) faults.push(`${id} was acknowledged and is missing`)
    for (const id of listed) if (!known.has(id)) faults.push(`${id} is there and was never answered`)
    say(`checking ${listed.size} ${kind} against their streams`)
    await eachOf([...listed], check(kind, kind === 'payments' ? foldPayment : foldPayout))
  }

  for (const merchantId of merchants) {
    const { found, expected } = await balancesOf(system, merchantId, books)
    if (found !== expected) faults.push(`balances of ${merchantId}: ${found}, expected ${expected}`)
  }
  const trial = await system.get<TrialBalance>('/v1/ledger/trial-balance')
  for (const { account, layer, debit, credit } of trial.data.filter((each) => ofPaymentsAlone.includes(each.account))) {
    const folded = [...books]
      .filter(([name]) => name.endsWith(` ${account} ${layer}`))
      .reduce((sum, [, amount]) => sum + amount, 0n)
    if (BigInt(debit - credit) !== folded)
      faults.push(`trial balance: ${account} ${layer} is ${debit - credit}, the log says ${folded}`)
  }
  for (const total of trial.totals) {
    if (total.difference !== 0)
      faults.push(`trial balance: ${total.currency} ${total.layer} is off by ${total.difference}`)
  }
  return { payments: journal.paymentIds.size, payouts: journal.payoutIds.size, events, faults }
}
