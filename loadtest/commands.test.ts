import { expect, test } from 'vitest'
import { outcomeOf, outcomesOf } from './answers.ts'
import { type Command, createCommands } from './commands.ts'
import { cycle, standardMix } from './mix.ts'
import { randomFrom, zipf } from './random.ts'

const merchants = [
  { id: 'm0', key: 'key0' },
  { id: 'm1', key: 'key1' },
]
const payId = (n: number) => `pay_${String(n).padStart(32, '0')}`
const open = (seed = 1) => createCommands('run', 'host', standardMix(seed), merchants, seed)

test('the mix has the shares it says', () => {
  const mix = standardMix(1)
  const share = (method: string) => mix.filter((plan) => plan.method === method).length / cycle
  expect([share('upi'), share('card'), share('wallet')]).toEqual([0.5, 0.3, 0.2])
  const held = mix.filter(({ fields }) => fields.includes('"capture":"manual"'))
  expect(held.length / cycle).toBeCloseTo(0.1)
  expect(held.every(({ method, followUps }) => method === 'card' && followUps.length > 0)).toBe(true)
  const kinds = mix.flatMap(({ followUps }) => followUps.map(({ kind }) => kind))
  const of = (kind: string) => kinds.filter((each) => each === kind).length / cycle
  expect([of('capture'), of('void'), of('refund')]).toEqual([0.09, 0.02, 0.04])
})

test('the same seed gives the same mix, another one another', () => {
  expect(standardMix(7)).toEqual(standardMix(7))
  expect(standardMix(7)).not.toEqual(standardMix(8))
})

test('merchants come by Zipf', () => {
  const draw = zipf(10, randomFrom(1))
  const seen = Array.from({ length: 10 }, () => 0)
  for (let n = 0; n < 100_000; n++) {
    const drawn = draw()
    seen[drawn] = (seen[drawn] ?? 0) + 1
  }
  const first = seen[0] ?? 0
  for (const [n, times] of seen.entries()) expect(times / (first / (n + 1))).toBeCloseTo(1, 0.9)
})

test('a request is HTTP with the length its body has, and its own key', () => {
  const commands = open()
  for (let n = 0; n < 50; n++) {
    const request = commands.request(commands.next())
    const [head = '', body = ''] = request.split('\r\n\r\n')
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
    expect(head).toMatch(new RegExp(`Idempotency-Key: run-${n}\\r\\n`))
    expect(JSON.parse(body)).toMatchObject({ currency: 'INR' })
  }
})

test('what follows a payment follows it in order, on that payment', () => {
  const commands = open()
  const seen = new Map<string, string[]>()
  let payments = 0
  for (let n = 0; n < 30_000; n++) {
    const command = commands.next()
    if (command.step < 0) payments += 1
    const id = command.step < 0 ? payId(command.number) : command.paymentId
    seen.set(id, [...(seen.get(id) ?? []), command.kind])
    commands.accepted(command, id)
  }
  expect(payments / 30_000).toBeCloseTo(1 / 1.15, 1)
  const ways = new Set([...seen.values()].map((kinds) => kinds.join(' ')))
  expect([...ways].toSorted()).toEqual(
    expect.arrayContaining([
      'authorization capture',
      'authorization capture void',
      'authorization void',
      'payment',
      'payment refund',
    ]),
  )
})

test('a batch is one merchant’s, one command a line', () => {
  const commands = open()
  for (let n = 0; n < 100; n++) {
    const batch = commands.nextBatch(20)
    expect(new Set(batch.map(({ merchant }) => merchant)).size).toBe(1)
    const [head = '', body = ''] = commands.batchRequest(batch).split('\r\n\r\n')
    expect(head).toContain(`Bearer key${batch[0]?.merchant}`)
    const lines = body.trimEnd().split('\n')
    expect(lines.length).toBe(20)
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ idempotencyKey: expect.any(String) as string })
    for (const command of batch) {
      commands.accepted(command, command.step < 0 ? payId(command.number) : command.paymentId)
    }
  }
})

const payment: Command = { number: 0, kind: 'payment', merchant: 0, plan: 0, step: -1, paymentId: '' }
const refund: Command = { number: 1, kind: 'refund', merchant: 0, plan: 0, step: 0, paymentId: payId(1) }

test('answers are told apart', () => {
  const done = { paymentId: payId(7), isPending: false }
  expect(outcomeOf(payment, 201, `{"id":"${payId(7)}","status":"captured"}`)).toEqual(done)
  expect(outcomeOf(payment, 201, `{"id":"${payId(7)}","status":"pending"}`)).toEqual({ ...done, isPending: true })
  const later = `{"id":"${payId(1)}","status":"captured","captures":[{"status":"pending"}]}`
  expect(outcomeOf(refund, 201, later)).toEqual({ paymentId: payId(1), isPending: false })
  expect(outcomeOf(refund, 201, `{"id":"${payId(2)}"}`)).toEqual({ error: '201 with another payment' })
  expect(outcomeOf(payment, 201, '{}')).toEqual({ error: '201 with another payment' })
  expect(outcomeOf(payment, 503, '{"status":503,"code":"overloaded"}')).toEqual({ error: '503 overloaded' })
  expect(outcomeOf(payment, 502, '')).toEqual({ error: '502' })
})

test('so are the lines of a batch, and one that is missing', () => {
  const body = [
    `{"index":0,"status":201,"position":"7","body":{"id":"${payId(7)}"}}`,
    '{"index":1,"status":422,"position":"8","problem":{"type":"x","code":"nothingToRefund"}}',
  ].join('\n')
  expect(outcomesOf([payment, refund, payment], 200, `${body}\n`)).toEqual([
    { paymentId: payId(7), isPending: false },
    { error: '422 nothingToRefund' },
    { error: '200 without an answer' },
  ])
  expect(outcomesOf([payment, refund], 503, '{"code":"overloaded"}')).toEqual([
    { error: '503 overloaded' },
    { error: '503 overloaded' },
  ])
})
