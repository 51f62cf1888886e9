import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { merchantStream, paymentStream, payoutStream } from '../domain/event.ts'
import type { Position } from '../domain/position.ts'
import { declined, disputed, idOf, payout, refunded, type Sale, settled, sold } from './testing/events.ts'
import { appOf, asker, type Body, failures, openStage, type Reply, type Stage } from './testing/stage.ts'

let stage: Stage
let ask: (who: string, path: string, headers?: Readonly<Record<string, string>>) => Promise<Reply>

const first: Sale = { name: 'first', merchantId: '1042', amount: 12_500n, fee: 250n }
const second: Sale = { name: 'second', merchantId: '1042', amount: 1_000n }
const foreign: Sale = { name: 'foreign', merchantId: '7', amount: 700n, currency: 'EUR' }
const third: Sale = { name: 'third', merchantId: '1042', amount: 300n }

/** Positions by what had just happened. */
const after: Record<string, Position> = {}
const paymentOf = (sale: Sale): string => `/v1/payments/${idOf('pay', sale.name)}`
const noon = '2025-06-01T12:00:00.000Z'

beforeAll(async () => {
  // Periods of 4, 128 and 32,768 sequences.
  stage = await openStage(1 / 64)
  ask = asker(appOf(stage.deps))
  const pay = (sale: Sale, at: string) => stage.record(paymentStream(idOf('pay', sale.name)), at, ...sold(sale))
  after['first'] = await pay(first, '2025-06-01T10:00:00.000Z')
  // Of writers whose clocks differ: the second one's is behind the first one's.
  after['second'] = await pay(second, '2025-06-01T09:59:59.000Z')
  after['refunded'] = await stage.record(
    paymentStream(idOf('pay', 'first')),
    '2025-06-01T11:00:00.000Z',
    ...refunded(first, 500n),
  )
  const sums = { gross: 13_500n, refunds: 500n, disputes: 0n, fees: 250n, net: 12_750n }
  after['settled'] = await stage.record(
    merchantStream('1042'),
    noon,
    settled('first', '1042', sums, '0', after['refunded']),
  )
  after['foreign'] = await pay(foreign, noon)
  // Recorded as early as what came before it, and after what was recorded later.
  after['late'] = await stage.record(
    paymentStream(idOf('pay', 'second')),
    '2025-06-01T13:00:00.000Z',
    ...disputed(second, 400n),
  )
  const { reserved, sent } = payout('first', '1042', 8_000n)
  after['reserved'] = await stage.record(merchantStream('1042'), noon, reserved)
  after['sent'] = await stage.record(payoutStream(idOf('po', 'first')), '2025-06-02T00:00:00.000Z', ...sent)
  after['declined'] = await stage.record(
    paymentStream(idOf('pay', 'third')),
    '2025-06-02T00:00:00.000Z',
    ...declined(third),
  )
  await stage.caughtUp()
})
afterAll(async () => {
  await stage.close()
  expect(failures).toEqual([])
})

const asked = (who: string, path: string, asOf: string): Promise<Reply> =>
  ask(who, `${path}${path.includes('?') ? '&' : '?'}asOf=${encodeURIComponent(asOf)}`)
const dataOf = ({ body }: Reply): Body['data'] => body.data

describe('a payment', () => {
  test('is as it was, with the revision of then', async () => {
    const then = await asked('merchant 1042', paymentOf(first), after['second'] ?? '')
    expect([then.status, then.headers.get('ETag'), then.headers.get('Daybook-Position')]).toEqual([
      200,
      '"2"',
      after['second'],
    ])
    expect(then.headers.get('Daybook-As-Of')).toBeNull()
    expect(then.body).toMatchObject({ status: 'captured', refunded: 0, revision: 2 })
    const now = await ask('merchant 1042', paymentOf(first))
    expect(now.body).toMatchObject({ status: 'partiallyRefunded', refunded: 500 })
    const known = await ask('merchant 1042', `${paymentOf(first)}?asOf=${after['second']}`, { 'If-None-Match': '"2"' })
    expect([known.status, known.headers.get('Daybook-Position')]).toEqual([304, after['second']])
  })

  test('is as it was within one command', async () => {
    const { body } = await asked('finance', paymentOf(first), '2')
    expect(body).toMatchObject({ status: 'authorized', revision: 1 })
  })

  test('was not there before it began, nor for others', async () => {
    for (const [who, asOf] of [
      ['merchant 1042', '0'],
      ['finance', String(Number(after['late']))],
      ['merchant 7', after['declined'] ?? ''],
    ] as const) {
      const { status, headers, body } = await asked(who, paymentOf(third), asOf)
      expect([status, body['code'], headers.get('Daybook-Position')]).toEqual([404, 'paymentNotFound', asOf])
    }
  })

  test('has the events of then', async () => {
    const path = `${paymentOf(first)}/events`
    const { body, headers } = await asked('auditor', path, after['first'] ?? '')
    expect(body.data.map(({ revision }) => revision)).toEqual([0, 1, 2])
    expect(body['asOf']).toEqual({ position: after['first'] })
    expect(headers.get('Daybook-Position')).toBe(after['first'])
    expect((await asked('auditor', path, '0')).body['code']).toBe('paymentNotFound')
  })
})

test('a payout is as it was', async () => {
  const path = `/v1/payouts/${idOf('po', 'first')}`
  const begun = String(Number(after['sent']) - 1)
  expect((await asked('finance', path, begun)).body).toMatchObject({ status: 'requested', revision: 0 })
  expect((await asked('finance', path, after['sent'] ?? '')).body).toMatchObject({ status: 'sent', revision: 1 })
  expect((await asked('finance', path, after['reserved'] ?? '')).status).toBe(404)
  expect(dataOf(await asked('finance', '/v1/payouts', after['reserved'] ?? ''))).toEqual([])
  expect(dataOf(await asked('finance', '/v1/payouts?status=requested', begun))).toHaveLength(1)
  expect(dataOf(await asked('finance', '/v1/payouts?status=sent', begun))).toHaveLength(0)
})

test('a settlement and what it covers are there once it was made', async () => {
  const path = `/v1/settlements/${idOf('st', 'first')}`
  for (const each of [path, `${path}/entries`]) {
    expect((await asked('finance', each, after['refunded'] ?? '')).body['code']).toBe('settlementNotFound')
    expect((await asked('finance', each, after['settled'] ?? '')).status).toBe(200)
  }
  const [entries, now] = [
    await asked('finance', `${path}/entries`, after['settled'] ?? ''),
    await ask('finance', `${path}/entries`),
  ]
  expect(entries.body.data).toEqual(now.body.data)
  expect(entries.body['asOf']).toEqual({ position: after['settled'] })
  expect(dataOf(await asked('finance', '/v1/settlements', after['refunded'] ?? ''))).toEqual([])
  expect(dataOf(await asked('finance', '/v1/settlements', after['settled'] ?? ''))).toHaveLength(1)
})

describe('lists of payments', () => {
  test.each([
    ['', 'second', ['first', 'second']],
    ['', 'first', ['first']],
    ['status=captured&', 'refunded', ['second']],
    ['status=captured&', 'second', ['first', 'second']],
    ['status=partiallyRefunded&', 'second', []],
    ['status=partiallyRefunded&', 'declined', ['first']],
    ['status=declined&', 'declined', ['third']],
    ['merchantId=7&', 'declined', ['foreign']],
    ['from=2025-06-01T10:00:00Z&', 'declined', ['third', 'foreign', 'first']],
    ['gateway=none&', 'declined', []],
  ])('with "%s" after %s', async (filters, moment, names) => {
    const { status, body } = await ask('finance', `/v1/payments?${filters}asOf=${after[moment]}`)
    expect(status).toBe(200)
    expect(body.data.map(({ id }) => id)).toEqual(names.map((name) => idOf('pay', name)))
    expect(body['asOf']).toEqual({ position: after[moment] })
  })

  test('before anything', async () => {
    for (const list of ['/v1/payments', '/v1/balances', '/v1/reports/daily', '/v1/ledger/entries', '/v1/settlements']) {
      const { status, body } = await asked('finance', list, '0')
      expect([list, status, body]).toEqual([list, 200, { data: [], nextCursor: null, asOf: { position: '0' } }])
    }
    expect((await asked('finance', '/v1/ledger/trial-balance', '0')).body).toEqual({
      data: [],
      totals: [],
      asOf: { position: '0' },
    })
  })
})

describe('the books', () => {
  test('balances of then', async () => {
    const then = await asked('finance', '/v1/balances', after['second'] ?? '')
    expect(then.body.data).toEqual([
      { merchantId: '1042', currency: 'INR', pending: 13_250, available: 0, inTransit: 0, disputed: 0 },
    ])
    const reserved = await asked('merchant 1042', '/v1/balances', after['reserved'] ?? '')
    expect(reserved.body.data).toEqual([
      { merchantId: '1042', currency: 'INR', pending: -400, available: 4_750, inTransit: 8_000, disputed: 400 },
    ])
    expect((await asked('merchant 1042', '/v1/balances?merchantId=7', after['sent'] ?? '')).body.data).toEqual([])
  })

  test('add up to zero at every position', async () => {
    for (let position = 0; position <= Number(after['declined']); position++) {
      const { body } = await asked('auditor', '/v1/ledger/trial-balance', String(position))
      const totals = body['totals'] as readonly { readonly difference: number }[]
      expect(totals.map(({ difference }) => difference)).toEqual(totals.map(() => 0))
    }
    const other = await asked('merchant 7', '/v1/ledger/trial-balance?merchantId=1042', after['declined'] ?? '')
    expect(other.body.data).toEqual([])
  })

  test('of now are those of the last position', async () => {
    const last = after['declined'] ?? ''
    for (const path of [
      '/v1/payments',
      '/v1/payouts',
      '/v1/balances',
      '/v1/ledger/entries',
      '/v1/ledger/trial-balance',
      '/v1/reports/daily',
      '/v1/settlements',
    ]) {
      const [now, then] = [await ask('finance', path), await asked('finance', path, last)]
      expect({ path, ...then.body }).toEqual({ path, ...now.body, asOf: { position: last } })
    }
  })
})

describe('an instant', () => {
  test.each([
    // Everything before the first event that was recorded later.
    ['2025-06-01T09:00:00Z', '0', '2025-06-01T09:00:00.000Z'],
    // What came second was recorded before, but after an event that was not.
    ['2025-06-01T09:59:59Z', '0', '2025-06-01T09:59:59.000Z'],
    ['2025-06-01T10:00:00Z', 'second', '2025-06-01T10:00:00.000Z'],
    ['2025-06-01T10:59:59.999Z', 'second', '2025-06-01T10:59:59.999Z'],
    ['2025-06-01T13:00:00+02:00', 'refunded', '2025-06-01T11:00:00.000Z'],
    ['2025-06-01T12:00Z', 'foreign', '2025-06-01T12:00:00.000Z'],
    // The reservation was recorded at noon, but stands after what was recorded at one.
    ['2025-06-01T13:00:00Z', 'reserved', '2025-06-01T13:00:00.000Z'],
    ['2025-06-02', 'declined', '2025-06-02T00:00:00.000Z'],
    ['2025-07-01', 'declined', '2025-07-01T00:00:00.000Z'],
  ])('%s is the position after %s', async (instant, moment, text) => {
    const position = after[moment] ?? moment
    const list = await asked('finance', '/v1/payments', instant)
    expect(list.body['asOf']).toEqual({ position, instant: text })
    expect([list.headers.get('Daybook-Position'), list.headers.get('Daybook-As-Of')]).toEqual([position, text])
    const { body } = await asked('finance', '/v1/ledger/trial-balance', instant)
    expect(body).toEqual({
      ...(await asked('finance', '/v1/ledger/trial-balance', position)).body,
      asOf: { position, instant: text },
    })
    const one = await asked('finance', paymentOf(first), instant)
    expect([one.headers.get('Daybook-Position'), one.headers.get('Daybook-As-Of')]).toEqual([position, text])
    expect(one.status).toBe(position === '0' ? 404 : 200)
  })

  test('is resolved from the log where the projections are behind', async () => {
    await stage.pause()
    const stream = merchantStream('7')
    const at = '2025-06-03T00:00:00.000Z'
    const { reserved } = payout('behind', '7', 1n)
    const position = await stage.record(stream, at, reserved)
    const found = await asked('finance', paymentOf(first), '2025-06-03')
    expect([found.status, found.headers.get('Daybook-Position')]).toEqual([200, position])
    const books = await asked('finance', '/v1/balances', '2025-06-03')
    expect([books.status, books.body['code'], books.headers.get('Daybook-Position')]).toEqual([
      503,
      'notYetProjected',
      after['declined'],
    ])
    stage.resume()
    await stage.caughtUp()
    expect((await asked('finance', '/v1/balances', '2025-06-03')).status).toBe(200)
  })
})

describe('pages', () => {
  const walk = async (path: string, limit: number, between: () => Promise<unknown>): Promise<unknown[]> => {
    const all: unknown[] = []
    const spoken = new Set<unknown>()
    let cursor: unknown = ''
    do {
      const { status, body } = await ask(
        'finance',
        `${path}&limit=${limit}${cursor === '' ? '' : `&cursor=${String(cursor)}`}`,
      )
      expect(status).toBe(200)
      all.push(...body.data)
      spoken.add(JSON.stringify(body['asOf']))
      cursor = body['nextCursor']
      await between()
    } while (cursor !== null)
    expect(spoken.size).toBe(1)
    return all
  }

  test('speak of the position of the first, whatever comes meanwhile', async () => {
    for (const path of ['/v1/payments', '/v1/ledger/entries', '/v1/balances', '/v1/reports/daily', '/v1/settlements']) {
      await stage.caughtUp()
      const far = `${path}?asOf=2025-06-30`
      const whole = await ask('finance', far)
      let n = 0
      const meanwhile = () =>
        stage.record(
          paymentStream(idOf('pay', `${path} ${n}`)),
          '2025-06-04T00:00:00.000Z',
          ...sold({ ...second, name: `${path} ${n++}` }),
        )
      expect(await walk(far, 1, meanwhile)).toEqual(whole.body.data)
    }
    await stage.caughtUp()
  })

  test('have those that had the status', async () => {
    const all = await walk(`/v1/payments?status=captured&asOf=${after['refunded']}`, 1, async () => undefined)
    expect(all.map((each) => (each as { readonly id: string }).id)).toEqual([idOf('pay', 'second')])
  })

  test('have cursors that are good for their own list only', async () => {
    const path = `/v1/ledger/entries?limit=2&asOf=${after['foreign']}`
    const cursor = String((await ask('finance', path)).body['nextCursor'])
    expect((await ask('finance', `${path}&cursor=${cursor}`)).status).toBe(200)
    const [, own = ''] = cursor.split('~')
    for (const each of [
      `/v1/ledger/entries?limit=2&cursor=${cursor}`,
      `/v1/ledger/entries?limit=2&asOf=${after['late']}&cursor=${cursor}`,
      `/v1/ledger/entries?limit=2&asOf=2025-06-01&cursor=${cursor}`,
      `${path}&cursor=${own}`,
      `${path}&cursor=${after['late']}~${own}`,
      `${path}&cursor=x~${own}`,
      `${path}&cursor=${cursor}~`,
      `/v1/settlements?asOf=${after['foreign']}&cursor=${cursor}`,
    ]) {
      const answer = await ask('finance', each)
      expect([each, answer.status, answer.body['code']]).toEqual([each, 400, 'invalidCursor'])
    }
  })
})

describe('is refused', () => {
  const far = new Date(Date.now() + 3_600_000).toISOString()
  test.each([
    ['asOf=', '?asOf'],
    ['asOf=yesterday', '?asOf'],
    ['asOf=-1', '?asOf'],
    ['asOf=1.5.x', '?asOf'],
    ['asOf=99999999', '?asOf'],
    ['asOf=1.1', '?asOf'],
    ['asOf=2025-02-30', '?asOf'],
    ['asOf=2025-06-01T10:00:00', '?asOf'],
    [`asOf=${far}`, '?asOf'],
    ['asOf=1&minPosition=1', '?asOf'],
    ['asOf=1&asOf=2', '?asOf'],
  ])('%s', async (query, pointer) => {
    for (const path of [
      paymentOf(first),
      `${paymentOf(first)}/events`,
      '/v1/payments',
      '/v1/payouts',
      '/v1/balances',
      '/v1/ledger/entries',
      '/v1/ledger/trial-balance',
      '/v1/reports/daily',
      '/v1/settlements',
      `/v1/settlements/${idOf('st', 'first')}`,
      `/v1/settlements/${idOf('st', 'first')}/entries`,
    ]) {
      const { status, body } = await ask('auditor', `${path}?${query}`)
      const [fault] = body['errors'] as readonly { readonly pointer: string }[]
      expect([path, status, body['code'], fault?.pointer]).toEqual([path, 400, 'invalidRequest', pointer])
    }
  })

  test('where nothing of the books is read', async () => {
    expect((await ask('operator', '/v1/projections?asOf=1')).status).toBe(400)
  })
})

test('a position that is not projected is waited for, a payment of then is not', async () => {
  await stage.pause()
  const position = await stage.record(
    paymentStream(idOf('pay', 'waited')),
    '2025-06-05T00:00:00.000Z',
    ...sold({ ...second, name: 'waited' }),
  )
  expect((await asked('finance', paymentOf({ ...second, name: 'waited' }), position)).status).toBe(200)
  for (const path of ['/v1/payments', '/v1/balances', '/v1/ledger/entries', '/v1/reports/daily']) {
    const { status, body, headers } = await asked('finance', path, position)
    expect([path, status, body['code'], headers.get('Retry-After')]).toEqual([path, 503, 'notYetProjected', '1'])
  }
  stage.resume()
  await stage.caughtUp()
  expect((await asked('finance', '/v1/balances', position)).status).toBe(200)
})
