import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request a client sent, and the first answer it got, if it got one, and when (`performance.now()`). */
export type Sent = {
  readonly path: string
  readonly key: string
  readonly body: string
  answer?: { readonly status: number; readonly body: string; readonly position: string | null; readonly at: number }
}

/** What the clients of all rounds remember. */
export type Journal = {
  readonly sent: Sent[]
  readonly paymentIds: Set<string>
  readonly payoutIds: Set<string>
  /** Answers that were not the first one again. */
  readonly different: string[]
}

export const emptyJournal = (): Journal => ({ sent: [], paymentIds: new Set(), payoutIds: new Set(), different: [] })

/** Answers that tell nothing about the command's effect: the client has to ask again. */
const undecided = (status: number): boolean => status === 409 || status === 429 || status >= 500

/** Sends or sends again; keeps the first decided answer, and each later one that differs from it. */
export const send = async (
  url: string,
  key: string,
  journal: Journal,
  sent: Sent,
): Promise<'decided' | 'undecided'> => {
  const response = await fetch(url + sent.path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'idempotency-key': sent.key },
    body: sent.body,
    signal: AbortSignal.timeout(30_000),
  }).catch(() => undefined)
  const text = await response?.text().catch(() => undefined)
  if (!response || text === undefined || undecided(response.status)) return 'undecided'
  const answer = {
    status: response.status,
    body: text,
    position: response.headers.get('daybook-position'),
    at: performance.now(),
  }
  if (response.status === 201) {
    const { id } = JSON.parse(text) as { id: string }
    ;(id.startsWith('po_') ? journal.payoutIds : journal.paymentIds).add(id)
  }
  if (sent.answer === undefined) {
    sent.answer = answer
    return 'decided'
  }
  // A refusal by the rules is not remembered, so a later try may be judged otherwise.
  if (sent.answer.status === 422 && !sent.answer.body.includes('gatewayDeclined')) return 'decided'
  const { status, body, position } = sent.answer
  if (status !== answer.status || body !== answer.body || position !== answer.position)
    journal.different.push(`${sent.path} ${sent.key}: ${JSON.stringify(sent.answer)}, then ${JSON.stringify(answer)}`)
  return 'decided'
}

const vpas = [
  ...Array.from({ length: 12 }, () => 'asha@okbank'),
  'decline-insufficientFunds@sandbox',
  'timeout-approve@sandbox',
  'timeout-decline@sandbox',
  'capture-decline@sandbox',
  'refund-timeout-approve@sandbox',
]

const pick = <T>(choices: readonly T[]): T => choices[randomInt(choices.length)] as T

const newKey = (): string => randomBytes(12).toString('hex')

const payment = (): Sent => ({
  path: '/v1/payments',
  key: newKey(),
  body: JSON.stringify({
    amount: randomInt(100, 50_000),
    currency: 'INR',
    method: { type: 'upi', vpa: pick(vpas) },
    capture: pick(['automatic', 'automatic', 'manual']),
    metadata: { cart: newKey() },
  }),
})

const onPayment = (id: string): Sent =>
  pick([
    () => ({ path: `/v1/payments/${id}/captures`, key: newKey(), body: JSON.stringify({ amount: randomInt(1, 500) }) }),
    () => ({ path: `/v1/payments/${id}/captures`, key: newKey(), body: JSON.stringify({ final: true }) }),
    () => ({ path: `/v1/payments/${id}/refunds`, key: newKey(), body: JSON.stringify({ amount: randomInt(1, 500) }) }),
    () => ({ path: `/v1/payments/${id}/voids`, key: newKey(), body: '{}' }),
    () => ({
      path: `/v1/payments/${id}/increments`,
      key: newKey(),
      body: JSON.stringify({ amount: randomInt(50_000, 60_000) }),
    }),
  ])()

const payout = (): Sent => ({
  path: '/v1/payouts',
  key: newKey(),
  body: JSON.stringify({
    amount: randomInt(1, 400),
    currency: 'INR',
    destination: { type: 'bankAccount', token: 'ba_1' },
  }),
})

const next = (recent: readonly string[]): Sent => {
  const dice = randomInt(100)
  if (dice < 4) return payout()
  if (dice < 40 && recent.length > 0) return onPayment(pick(recent))
  return payment()
}

/**
 * Clients on `connections` connections send until `signal` is aborted, each `pauseMs` after its last answer; everything
 * goes into the journal.
 */
export const load = async (
  url: string,
  keys: readonly string[],
  connections: number,
  journal: Journal,
  owner: Map<Sent, string>,
  signal: AbortSignal,
  pauseMs = 0,
): Promise<void> => {
  const client = async (number: number): Promise<void> => {
    const key = keys[number % keys.length] as string
    const recent: string[] = []
    while (!signal.aborted) {
      const sent = next(recent)
      journal.sent.push(sent)
      owner.set(sent, key)
      const outcome = await send(url, key, journal, sent)
      const waitMs = outcome === 'undecided' ? Math.max(50, pauseMs) : pauseMs
      if (waitMs > 0) await sleep(waitMs)
      if (sent.path === '/v1/payments' && sent.answer?.status === 201) {
        recent.push((JSON.parse(sent.answer.body) as { id: string }).id)
        if (recent.length > 20) recent.shift()
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, number) => client(number)))
}
