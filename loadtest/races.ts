import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createKey, startSystem } from './system.ts'

const { values } = parseArgs({ options: { races: { type: 'string', default: '10000' } } })
const races = Number(values.races)
const say = (text: string) => process.stdout.write(`${text}\n`)
const faults: string[] = []

type Answer = { readonly status: number; readonly body: string; readonly replayed: boolean }

const post = async (url: string, key: string, path: string, idempotencyKey: string, body: unknown): Promise<Answer> => {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(idempotencyKey === '' ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    body: await response.text(),
    replayed: response.headers.has('idempotency-replayed'),
  }
}

/** The same key eight times at once, half of them with another amount: one effect, and everybody is told so. */
const race = async (url: string, key: string, tally: Map<string, number>): Promise<void> => {
  const idempotencyKey = randomBytes(12).toString('hex')
  const body = (amount: number) => ({ amount, currency: 'INR', method: { type: 'upi', vpa: 'asha@okbank' } })
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => post(url, key, '/v1/payments', idempotencyKey, body(n % 2 === 0 ? 100 : 200))),
  )
  const created = answers.filter(({ status }) => status === 201)
  const first = created.filter(({ replayed }) => !replayed)
  if (first.length !== 1) faults.push(`${idempotencyKey}: ${first.length} first answers`)
  if (new Set(created.map((answer) => answer.body)).size !== 1) faults.push(`${idempotencyKey}: replays differ`)
  for (const { status, body: text, replayed } of answers) {
    const { code = '' } = JSON.parse(text) as { code?: string }
    const name = status === 201 ? (replayed ? '201 replayed' : '201') : `${status} ${code}`
    tally.set(name, (tally.get(name) ?? 0) + 1)
    if (!['201', '201 replayed', '409 idempotencyKeyInFlight', '422 idempotencyKeyReused'].includes(name)) {
      faults.push(`${idempotencyKey}: ${name}`)
    }
  }
}

const inParallel = async (count: number, width: number, work: () => Promise<void>): Promise<void> => {
  let left = count
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left-- > 0) await work()
    }),
  )
}

const folder = await mkdtemp(join(tmpdir(), 'daybook-races-'))
try {
  const data = join(folder, 'data')
  const merchant = await createKey(data, 'merchant', '1042')
  const finance = await createKey(data, 'finance')
  const system = await startSystem(data)
  try {
    const tally = new Map<string, number>()
    await inParallel(races, 8, () => race(system.url, merchant, tally))
    say(`${races} races of 8: ${[...tally].map(([name, count]) => `${count} × ${name}`).join(', ')}`)

    const shop = await createKey(data, 'merchant', '7')
    await post(system.url, shop, '/v1/payments', 'funds', {
      amount: 50_000,
      currency: 'INR',
      method: { type: 'upi', vpa: 'asha@okbank' },
    })
    await post(system.url, finance, '/v1/settlements', '', { merchantId: '7' })
    const payouts = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        post(system.url, shop, '/v1/payouts', `payout-${n}`, {
          amount: 1_000,
          currency: 'INR',
          destination: { type: 'bankAccount', token: 'ba_1' },
        }),
      ),
    )
    const paid = payouts.filter(({ status }) => status === 201).length
    const refused = payouts.filter(({ status, body }) => status === 422 && body.includes('insufficientFunds')).length
    say(`200 payouts against a balance that covers 50: ${paid} succeeded, ${refused} refused for insufficient funds`)
    if (paid !== 50 || refused !== 150) faults.push('payouts')
  } finally {
    await system.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
for (const fault of faults.slice(0, 20)) say(`FAULT ${fault}`)
say(`${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
