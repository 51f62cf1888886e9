import { afterAll, beforeAll, expect, test } from 'vitest'
import { merchantStream, payoutStream } from '../../domain/event.ts'
import { idOf } from '../uuid.ts'
import { openDesk, order } from './testing/desk.ts'
import { scriptedBank } from './testing/scripted-bank.ts'
import { temporaryLog } from './testing/temporary-log.ts'

let temporary: Awaited<ReturnType<typeof temporaryLog>>
beforeAll(async () => {
  temporary = await temporaryLog()
})
afterAll(() => temporary.remove())

const deskWith = (script: Parameters<typeof scriptedBank>[0], openForMs?: number) =>
  openDesk(temporary.log, scriptedBank(script), openForMs === undefined ? {} : { openForMs })

test('reserves, requests and sends', async () => {
  const desk = deskWith('sends')
  await desk.open('m1', 1_000n)
  const answer = await desk.request('m1', 'k', { reference: 'May', metadata: { run: '7' } })
  const id = idOf('po', 'm1', 'k')
  expect(answer).toMatchObject({ kind: 'resource', status: 201, id, revision: 1, replayed: false })
  expect(JSON.parse(answer.body)).toEqual({
    id,
    merchantId: 'm1',
    status: 'sent',
    amount: 100,
    currency: 'INR',
    destination: order.destination,
    reference: 'May',
    metadata: { run: '7' },
    createdAt: expect.any(String) as string,
    updatedAt: expect.any(String) as string,
    revision: 1,
  })
  expect(answer.position).toBe(await temporary.log.head())
  expect(await desk.available('m1')).toBe(900n)

  const events = await temporary.log.readStream(payoutStream(id))
  expect(events.map(({ type }) => type)).toEqual(['PayoutRequested', 'PayoutSent'])
  for (const { metadata } of events) expect(metadata).toMatchObject({ merchantId: 'm1', key: 'k', traceId: 'trace' })
})

test('the same key and body give the same answer, whatever happened since', async () => {
  const desk = deskWith('sends')
  await desk.open('m2', 1_000n)
  const first = await desk.request('m2', 'k')
  const move = { payoutId: first.id, traceId: 't', precondition: () => undefined }
  await desk.payouts.move({ ...move, command: (now) => ({ type: 'markSettled', now }) })
  expect(await desk.request('m2', 'k')).toEqual({ ...first, replayed: true })
  expect(await desk.available('m2')).toBe(900n)
})

test('the same key with another body is refused, and told what differs', async () => {
  const desk = deskWith('sends')
  await desk.open('m3', 1_000n)
  await desk.request('m3', 'k')
  await expect(desk.request('m3', 'k', { amount: 101 })).rejects.toMatchObject({
    status: 422,
    code: 'idempotencyKeyReused',
    errors: [{ pointer: '/amount' }],
  })
  expect(await desk.available('m3')).toBe(900n)
})

test('what is not there cannot be paid out, and a refusal is not remembered', async () => {
  const desk = deskWith('sends')
  await desk.open('m4', 99n)
  await desk.open('m4b', 100n, 'USD')
  await expect(desk.request('m4', 'k')).rejects.toMatchObject({ status: 422, code: 'insufficientFunds' })
  await expect(desk.request('m4b', 'k')).rejects.toMatchObject({ status: 422, code: 'insufficientFunds' })
  await expect(desk.request('nobody', 'k')).rejects.toMatchObject({ status: 404, code: 'merchantNotFound' })
  expect(await temporary.log.streamRevision(payoutStream(idOf('po', 'm4', 'k')))).toBe('none')

  await desk.fund('m4', { from: '1', to: '2', gross: 1n })
  expect(await desk.request('m4', 'k')).toMatchObject({ status: 201, replayed: false })
  expect(await desk.available('m4')).toBe(0n)
})

test('a balance below zero refuses payouts until it is positive again', async () => {
  const desk = deskWith('sends')
  await desk.open('m5', 500n)
  await desk.request('m5', 'k1', { amount: 500 })
  await desk.fund('m5', { from: '1', to: '2', gross: 0n, refunds: 300n })
  expect(await desk.available('m5')).toBe(-300n)
  await expect(desk.request('m5', 'k2', { amount: 1 })).rejects.toMatchObject({ code: 'insufficientFunds' })
  await desk.fund('m5', { from: '2', to: '3', gross: 300n })
  await expect(desk.request('m5', 'k2', { amount: 1 })).rejects.toMatchObject({ code: 'insufficientFunds' })
  await desk.fund('m5', { from: '3', to: '4', gross: 1n })
  expect(await desk.request('m5', 'k2', { amount: 1 })).toMatchObject({ status: 201 })
})

test('a payout that the bank refuses gives its money back', async () => {
  const desk = deskWith('fails')
  await desk.open('m6', 100n)
  const answer = await desk.request('m6', 'k')
  expect(answer).toMatchObject({ status: 201, revision: 1 })
  expect(JSON.parse(answer.body)).toMatchObject({
    status: 'failed',
    decline: { code: 'accountClosed', message: 'The account is closed' },
  })
  expect(await desk.available('m6')).toBe(100n)
  expect(await desk.request('m6', 'k')).toEqual({ ...answer, replayed: true })
  expect(await desk.merchantCounts('m6')).toMatchObject({ PayoutReserved: 1, PayoutReleased: 1 })
})

test('a bank that does not answer leaves the payout requested, for every later replay too', async () => {
  const desk = deskWith('sendsSilently')
  await desk.open('m7', 100n)
  const answer = await desk.request('m7', 'k')
  expect(answer).toMatchObject({ status: 201, revision: 0 })
  expect(JSON.parse(answer.body)).toMatchObject({ status: 'requested' })

  await desk.payouts.finish(answer.id, 'm7')
  expect(await desk.counts(payoutStream(answer.id))).toEqual({ PayoutRequested: 1, PayoutSent: 1 })
  expect(await desk.request('m7', 'k')).toEqual({ ...answer, replayed: true })
})

test('what the bank says too late is not the answer, and is found later', async () => {
  const desk = deskWith('sends', 0)
  await desk.open('m8', 100n)
  const answer = await desk.request('m8', 'k')
  expect(JSON.parse(answer.body)).toMatchObject({ status: 'requested' })
  await desk.payouts.finish(answer.id, 'm8')
  expect(await desk.counts(payoutStream(answer.id))).toEqual({ PayoutRequested: 1, PayoutSent: 1 })
  expect(await desk.request('m8', 'k')).toEqual({ ...answer, replayed: true })
})

test('while the bank is asked the key is in flight, in other processes too', async () => {
  const bank = scriptedBank('sends')
  let answerNow = (): void => undefined
  const asked = new Promise<void>((told) => {
    const held = new Promise<void>((resolve) => {
      answerNow = resolve
    })
    const send = bank.send
    Object.assign(bank, {
      send: async (...given: Parameters<typeof send>) => {
        told()
        await held
        return send(...given)
      },
    })
  })
  const desk = openDesk(temporary.log, bank, { bankTimeoutMs: 30_000 })
  const other = openDesk(temporary.open(), bank)
  await desk.open('m9', 100n)
  const first = desk.request('m9', 'k')
  await asked
  for (const { request } of [desk, other]) {
    await expect(request('m9', 'k')).rejects.toMatchObject({ status: 409, code: 'idempotencyKeyInFlight' })
    await expect(request('m9', 'k', { amount: 1 })).rejects.toMatchObject({ status: 422, code: 'idempotencyKeyReused' })
  }
  answerNow()
  const answer = await first
  expect(answer).toMatchObject({ status: 201, revision: 1, replayed: false })
  for (const { request } of [desk, other]) expect(await request('m9', 'k')).toEqual({ ...answer, replayed: true })
})

test('a reservation that a crash left goes on from what was asked for then', async () => {
  const desk = deskWith('sends')
  await desk.open('m10', 1_000n)
  const body = { reference: 'May', metadata: { run: '7' } }
  const call = desk.payoutCall({ ...order, ...body }, () => 'k', {
    principal: { role: 'merchant', merchantId: 'm10', keyId: 'k' },
    traceId: 'first',
  })
  await desk.changeMerchant('m10', {
    command: {
      type: 'reservePayout',
      now: new Date().toISOString(),
      payoutId: call.payoutId,
      amount: call.amount,
      currency: call.currency,
      ...call.order,
    },
    metadata: { key: call.key, fingerprint: call.fingerprint, traceId: 'first' },
  })
  await expect(desk.request('m10', 'k')).rejects.toMatchObject({ code: 'idempotencyKeyReused' })
  const answer = await desk.request('m10', 'k', body)
  expect(JSON.parse(answer.body)).toMatchObject({ status: 'sent', reference: 'May', metadata: { run: '7' } })
  expect(await desk.available('m10')).toBe(900n)
  const [requested] = await temporary.log.readStream(payoutStream(call.payoutId))
  expect(requested?.metadata).toMatchObject({ key: 'k', traceId: 'first' })
})

test('of 200 payouts at once against a balance for 50 exactly 50 are made', async () => {
  const desk = deskWith('sends')
  await desk.open('race1', 5_000n)
  const results = await Promise.allSettled(Array.from({ length: 200 }, (_, n) => desk.request('race1', `k${n}`)))
  expect(countsOf(results)).toEqual({ made: 50, insufficientFunds: 150 })
  expect(await desk.available('race1')).toBe(0n)
  expect(await desk.merchantCounts('race1')).toMatchObject({ PayoutReserved: 50 })
})

test('so it is when they go through two processes', async () => {
  const bank = scriptedBank('sends')
  const desks = [openDesk(temporary.open(), bank), openDesk(temporary.open(), bank)] as const
  await desks[0].open('race2', 5_000n)
  const results = await Promise.allSettled(
    Array.from({ length: 200 }, (_, n) => desks[n % 2 === 0 ? 0 : 1].request('race2', `k${n}`)),
  )
  expect(countsOf(results)).toEqual({ made: 50, insufficientFunds: 150 })
  for (const desk of desks) expect(await desk.available('race2')).toBe(0n)
  expect(bank.received.size).toBeGreaterThanOrEqual(50)
  expect(await desks[0].merchantCounts('race2')).toMatchObject({ PayoutReserved: 50 })
})

test('failures give back what others then pay out, and never more', async () => {
  const desks = [
    openDesk(temporary.open(), scriptedBank('fails')),
    openDesk(temporary.open(), scriptedBank('sends')),
  ] as const
  await desks[0].open('race3', 1_000n)
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, (_, n) => desks[n % 2 === 0 ? 0 : 1].request('race3', `k${n}`)),
  )
  const { unexpected } = countsOf(results)
  expect(unexpected).toBeUndefined()
  const sent = results.filter((one) => one.status === 'fulfilled' && one.value.body.includes('"status":"sent"')).length
  expect(sent).toBeLessThanOrEqual(10)
  expect(await desks[0].available('race3')).toBe(1_000n - BigInt(sent) * 100n)
  let lowest = 0n
  let balance = 0n
  for (const { type, data } of await temporary.log.readStream(merchantStream('race3'))) {
    if (type === 'SettlementRecorded') balance += data.net
    if (type === 'PayoutReserved') balance -= data.amount
    if (type === 'PayoutReleased') balance += data.amount
    if (balance < lowest) lowest = balance
  }
  expect(lowest).toBe(0n)
})

test.each([1, 2])(
  'the same key eight times at once, half with another body, in %i processes: one effect',
  async (many) => {
    const bank = scriptedBank('sends')
    const desks = Array.from({ length: many }, () => openDesk(temporary.open(), bank))
    for (let round = 0; round < 25; round++) {
      const merchantId = `keys-${many}-${round}`
      await desks[0]?.open(merchantId, 1_000n)
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, async (_, n) =>
          desks[n % many]?.request(merchantId, 'k', { amount: 100 + (n % 4 < 2 ? 0 : 1) }),
        ),
      )
      const answers = results.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
      expect(answers.length).toBeGreaterThanOrEqual(1)
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
      for (const one of results) {
        if (one.status === 'rejected') {
          expect(['idempotencyKeyInFlight', 'idempotencyKeyReused']).toContain((one.reason as { code: string }).code)
        }
      }
      expect(
        results.filter((one) => one.status === 'rejected' && (one.reason as { status: number }).status === 422),
      ).toHaveLength(4)
      const paid = BigInt((JSON.parse(answers[0]?.body ?? '{}') as { amount: number }).amount)
      expect(await desks[0]?.available(merchantId)).toBe(1_000n - paid)
      expect(await desks[0]?.merchantCounts(merchantId)).toMatchObject({ PayoutReserved: 1 })
    }
  },
)

test('many payouts at once share appends', async () => {
  const bank = scriptedBank('sends')
  let appends = 0
  const store = temporary.open()
  const counting = {
    ...store,
    append: (...given: Parameters<typeof store.append>) => {
      if (given[0].startsWith('merchant-')) appends += 1
      return store.append(...given)
    },
  }
  const desk = openDesk(counting, bank, { bankTimeoutMs: 30_000 })
  await desk.open('bulk', 1_000_000n)
  appends = 0
  const answers = await Promise.all(Array.from({ length: 1_000 }, (_, n) => desk.request('bulk', `k${n}`)))
  expect(answers.every(({ status, replayed }) => status === 201 && !replayed)).toBe(true)
  expect(await desk.available('bulk')).toBe(900_000n)
  expect(appends).toBeLessThan(100)
})

const countsOf = (results: readonly PromiseSettledResult<unknown>[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const one of results) {
    const name = one.status === 'fulfilled' ? 'made' : ((one.reason as { code?: string }).code ?? 'unexpected')
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
