import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { idOf, uuidOf } from '../../../command-side/uuid.ts'
import { type NewEvent, paymentStream } from '../../../domain/event.ts'
import type { PaymentEvent } from '../../../domain/payment/event.ts'
import { evolvePayment } from '../../../domain/payment/evolve.ts'
import { type PaymentResource, paymentResource } from '../../../domain/payment/resource.ts'
import type { PaymentState } from '../../../domain/payment/state.ts'
import { start } from '../../../domain/position.ts'
import { openEventLog } from '../../../infra/lmdb/event-log.ts'
import { allRead } from '../../../projections/unread.ts'
import { createFateLog } from '../../acknowledged.ts'
import { type Command, keyOf } from '../../commands.ts'
import type { Checked } from '../books.ts'
import { noSums, post } from '../sums.ts'

export const merchants = [{ id: 'm0', key: 'key0' }]
const run = 'run'
const recordedAt = '2026-01-31T12:00:00.000Z'

export const paymentIdOf = (number: number): string => idOf('pay', 'm0', keyOf(run, number))

const eventsOf = (number: number): PaymentEvent[] => {
  const paymentId = paymentIdOf(number)
  const captureId = idOf('cap', paymentId, keyOf(run, number))
  const common = { paymentId, merchantId: 'm0', currency: 'INR', gateway: 'sandbox' }
  const method = { type: 'upi', vpa: 'asha@okbank' } as const
  const capture = { capture: 'automatic', captureId, expiresAt: recordedAt } as const
  return [
    { type: 'PaymentAuthorizationRequested', data: { ...common, amount: 100n, method, ...capture } },
    { type: 'PaymentAuthorized', data: { ...common, amount: 100n } },
    { type: 'PaymentCaptured', data: { ...common, captureId, amount: 100n, released: 0n, fee: 2n } },
  ]
}

const paymentCommand = (number: number): Command => ({
  number,
  kind: 'payment',
  merchant: 0,
  plan: 0,
  step: -1,
  paymentId: '',
})

/** What can be read of a small ledger; to be tampered with. */
export type Shown = {
  payments: PaymentResource[]
  trialBalance: {
    data: { account: string; currency: string; layer: string; debit: number; credit: number }[]
    totals: { currency: string; layer: string; difference: number }[]
  }
  balances: { merchantId: string; currency: string; pending: number }[]
}

/** A log in a folder, what clients were told of it, and what can be read of it over HTTP. */
export const openSmallLedger = async (folder: string, payments: number) => {
  const log = openEventLog({ path: join(folder, 'log') })
  const fates = createFateLog(join(folder, 'fates'))
  const append = async (number: number, events: readonly PaymentEvent[], from: number): Promise<void> => {
    const stream = paymentStream(paymentIdOf(number))
    await log.append(
      stream,
      from === 0 ? 'none' : from - 1,
      events.map(
        (event, index): NewEvent => ({
          ...event,
          id: uuidOf(stream, String(from + index)),
          version: 1,
          recordedAt,
          metadata: { merchantId: 'm0', key: keyOf(run, number) },
        }),
      ),
    )
  }
  for (let number = 0; number < payments; number++) {
    await append(number, eventsOf(number), 0)
    fates.accepted(paymentCommand(number), paymentIdOf(number))
  }
  const server = createServer()

  /** What the read models say of the log as it is. */
  const project = async (): Promise<Shown> => {
    const sums = noSums()
    const states = new Map<string, PaymentState>()
    for (const event of allRead((await log.readAll(start, 10_000)).events)) {
      post(sums, event)
      states.set(event.stream, evolvePayment(states.get(event.stream), event as never))
    }
    const resources = [...states.values()].flatMap((state) => (state ? [paymentResource(state)] : []))
    const data = [...sums.house].map(([name, amount]) => {
      const [currency = '', layer = '', account = ''] = name.split(' ')
      return { account, currency, layer, debit: Math.max(0, Number(amount)), credit: Math.max(0, -Number(amount)) }
    })
    const pending = -Number(sums.merchants.get('m0 INR merchantPending') ?? 0n)
    return {
      payments: resources.toReversed(),
      trialBalance: { data, totals: [{ currency: 'INR', layer: 'posted', difference: 0 }] },
      balances: [{ merchantId: 'm0', currency: 'INR', pending }],
    }
  }

  /** Serves what is shown, and the streams as the log has them. */
  const serve = async (shown: Shown): Promise<string> => {
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', 'http://ledger')
      const respond = (body: unknown) =>
        response.end(
          JSON.stringify(body, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
        )
      const id = /^\/v1\/payments\/(pay_\w+)\/events$/.exec(url.pathname)?.[1]
      if (id !== undefined) {
        void log.readStream(paymentStream(id)).then((data) => respond({ data, nextCursor: null }))
      } else if (url.searchParams.get('status') === 'pending') respond({ data: [] })
      else if (url.pathname === '/v1/payments') respond({ data: shown.payments, nextCursor: null })
      else if (url.pathname === '/v1/balances') respond({ data: shown.balances, nextCursor: null })
      else respond(shown.trialBalance)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  return {
    log,
    project,
    /** A client was told that a payment was accepted, which nothing else knows. */
    acknowledge: (number: number) => fates.accepted(paymentCommand(number), paymentIdOf(number)),
    /** A client was told nothing certain. */
    leaveOpen: (number: number) => fates.notAccepted(paymentCommand(number)),
    /** A payment that no client was told of. */
    pay: (number: number) => append(number, eventsOf(number), 0),
    /** The capture of a payment once more in its stream. */
    captureAgain: (number: number) => append(number, eventsOf(number).slice(2), 3),
    serve: async (shown: Shown): Promise<Checked> => {
      fates.close()
      const url = await serve(shown)
      return { url, operator: 'operator', merchants, run, fates: join(folder, 'fates'), since: recordedAt }
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await log.close()
    },
  }
}
