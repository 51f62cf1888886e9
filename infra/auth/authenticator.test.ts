import { SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import type { EventStore } from '../../command-side/event-store.ts'
import { merchantStream, type RecordedEvent } from '../../domain/event.ts'
import { house, type Role } from '../../domain/merchant/role.ts'
import type { MerchantEvent } from '../../domain/merchant/event.ts'
import { createAuthenticator } from './authenticator.ts'
import { demoKey, type NewKey, newKey } from './keys.ts'
import { signToken } from './signed-token.ts'
import { writeToken } from './token.ts'

type Streams = Pick<EventStore, 'streamRevision' | 'readStream'>

/** The two questions the authenticator asks of a log, and how often it asked for events. */
const streams = () => {
  const events = new Map<string, RecordedEvent[]>()
  const reads: { readonly stream: string; readonly from: number }[] = []
  const store: Streams = {
    streamRevision: async (stream) => {
      const known = events.get(stream)
      return known === undefined ? 'none' : known.length - 1
    },
    readStream: async (stream, from = 0, limit = Number.MAX_SAFE_INTEGER) => {
      reads.push({ stream, from })
      return (events.get(stream) ?? []).slice(from, from + limit)
    },
  }
  const append = (event: MerchantEvent): void => {
    const stream = merchantStream(event.data.merchantId)
    const before = events.get(stream) ?? []
    events.set(stream, [
      ...before,
      {
        ...event,
        id: `${stream}-${before.length}`,
        version: 1,
        recordedAt: '2025-01-01T00:00:00.000Z',
        metadata: { merchantId: event.data.merchantId },
        stream,
        revision: before.length,
        log: 0,
        sequence: before.length + 1,
      },
    ])
  }
  return { store, append, reads }
}

const jwtSecret = 'a secret that is long enough for every algorithm, HS512 included'
const otherSecret = 'another secret that is long enough for every algorithm there is'
let clock = new Date('2025-01-01T00:00:00.000Z')
let log = streams()
let authenticate = createAuthenticator({ store: log.store, jwtSecret, now: () => clock })

beforeEach(() => {
  clock = new Date('2025-01-01T00:00:00.000Z')
  log = streams()
  authenticate = createAuthenticator({ store: log.store, jwtSecret, now: () => clock })
})

const issue = (merchantId: string, role: Role, key: NewKey = newKey(merchantId)): NewKey => {
  log.append({ type: 'ApiKeyIssued', data: { merchantId, keyId: key.keyId, hash: key.hash, role } })
  return key
}
const revoke = (merchantId: string, { keyId }: NewKey): void =>
  log.append({ type: 'ApiKeyRevoked', data: { merchantId, keyId } })
const payout = (merchantId: string): void =>
  log.append({ type: 'PayoutReleased', data: { merchantId, payoutId: 'po_1', amount: 1n, currency: 'INR' } })

describe('an API key', () => {
  it('speaks for its merchant', async () => {
    const { token, keyId } = issue('1042', 'merchant')
    expect(await authenticate(`Bearer ${token}`)).toEqual({ role: 'merchant', merchantId: '1042', keyId })
    expect(await authenticate(`bearer  ${token}`)).toMatchObject({ merchantId: '1042' })
  })

  it.each<Role>(['finance', 'auditor', 'operator'])('of the house speaks for %s', async (role) => {
    const { token, keyId } = issue(house, role)
    expect(await authenticate(`Bearer ${token}`)).toEqual({ role, keyId })
  })

  it('counts from the request after it was issued', async () => {
    const first = issue('1042', 'merchant')
    expect(await authenticate(`Bearer ${first.token}`)).toBeDefined()
    const second = newKey('1042')
    expect(await authenticate(`Bearer ${second.token}`)).toBeUndefined()
    issue('1042', 'merchant', second)
    expect(await authenticate(`Bearer ${second.token}`)).toMatchObject({ keyId: second.keyId })
  })

  it('is worth nothing from the request after it was revoked', async () => {
    const key = issue('1042', 'merchant')
    const other = issue('1042', 'merchant')
    expect(await authenticate(`Bearer ${key.token}`)).toBeDefined()
    revoke('1042', key)
    expect(await authenticate(`Bearer ${key.token}`)).toBeUndefined()
    expect(await authenticate(`Bearer ${other.token}`)).toBeDefined()
  })

  it('reads only what is new in the merchant’s stream', async () => {
    const { token } = issue('1042', 'merchant')
    for (let event = 0; event < 2_500; event += 1) payout('1042')
    await authenticate(`Bearer ${token}`)
    expect(log.reads.map(({ from }) => from)).toEqual([0, 1_000, 2_000])
    await authenticate(`Bearer ${token}`)
    expect(log.reads).toHaveLength(3)
    payout('1042')
    expect(await authenticate(`Bearer ${token}`)).toBeDefined()
    expect(log.reads.map(({ from }) => from)).toEqual([0, 1_000, 2_000, 2_501])
  })

  it('is found by many requests at once', async () => {
    const { token } = issue('1042', 'merchant')
    const all = await Promise.all(Array.from({ length: 50 }, () => authenticate(`Bearer ${token}`)))
    expect(all.every((principal) => principal?.merchantId === '1042')).toBe(true)
  })

  it('of a merchant’s stream makes nobody more than that merchant', async () => {
    const { token } = issue('1042', 'operator')
    expect(await authenticate(`Bearer ${token}`)).toBeUndefined()
  })

  it('of the house is no merchant’s', async () => {
    const { token } = issue(house, 'merchant')
    expect(await authenticate(`Bearer ${token}`)).toBeUndefined()
  })

  it('of another merchant with the same name is another key', async () => {
    const key = issue('1042', 'merchant')
    issue('7', 'merchant', { ...newKey('7'), keyId: key.keyId })
    const [, , secret = ''] = key.token.split('.')
    expect(await authenticate(`Bearer ${writeToken({ merchantId: '7', keyId: key.keyId, secret })}`)).toBeUndefined()
  })

  it.each([
    ['none', () => undefined],
    ['nothing', () => ''],
    ['no scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['a scheme alone', () => 'Bearer '],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a wrong secret', (token: string) => `Bearer ${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['half a secret', (token: string) => `Bearer ${token.slice(0, -10)}`],
    ['no secret', (token: string) => `Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`],
    ['another key', () => `Bearer ${newKey('1042').token}`],
    ['a merchant that is not there', () => `Bearer ${newKey('7').token}`],
    ['no merchant id', () => `Bearer ${writeToken({ merchantId: 'a/b\u0000', keyId: 'k', secret: 's' })}`],
    ['nonsense', () => 'Bearer nonsense'],
    ['nonsense with dots', () => 'Bearer a.b.c'],
  ])('is nobody’s: %s', async (_, authorization) => {
    const { token } = issue('1042', 'merchant')
    expect(await authenticate(authorization(token))).toBeUndefined()
  })
})

describe('a signed token', () => {
  const sign = (claims: Partial<Parameters<typeof signToken>[1]> = {}, secret = jwtSecret) =>
    signToken(secret, { role: 'merchant', merchantId: '1042', expiresInSeconds: 60, now: clock, ...claims })
  const bearer = async (token: Promise<string>) => authenticate(`Bearer ${await token}`)
  const raw = (claims: Record<string, unknown>, alg = 'HS256') =>
    new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(jwtSecret))
  const later = Date.parse('2025-01-01T00:01:00.000Z') / 1_000

  it('speaks for its merchant', async () => {
    expect(await bearer(sign())).toEqual({ role: 'merchant', merchantId: '1042', keyId: 'signedToken' })
  })

  it('speaks for another role', async () => {
    const token = signToken(jwtSecret, { role: 'auditor', expiresInSeconds: 60, now: clock })
    expect(await bearer(token)).toEqual({ role: 'auditor', keyId: 'signedToken' })
  })

  it('carries the id of the token as that of the key', async () => {
    expect(await bearer(raw({ role: 'finance', exp: later, jti: 't1' }))).toEqual({ role: 'finance', keyId: 't1' })
  })

  it('is worth nothing once it has expired, though it was known before', async () => {
    const token = await sign()
    expect(await authenticate(`Bearer ${token}`)).toBeDefined()
    clock = new Date(clock.getTime() + 59_000)
    expect(await authenticate(`Bearer ${token}`)).toBeDefined()
    clock = new Date(clock.getTime() + 1_000)
    expect(await authenticate(`Bearer ${token}`)).toBeUndefined()
  })

  it.each([
    ['signed by somebody else', () => sign({}, otherSecret)],
    ['expired', () => sign({ expiresInSeconds: -1 })],
    ['without an expiry', () => raw({ role: 'finance' })],
    ['without a role', () => raw({ exp: later })],
    ['of an unknown role', () => raw({ role: 'root', exp: later })],
    ['of a merchant without a name', () => raw({ role: 'merchant', exp: later })],
    ['of a merchant that cannot be', () => raw({ role: 'merchant', merchant: 'a b', exp: later })],
    ['of a merchant that is no text', () => raw({ role: 'merchant', merchant: 7, exp: later })],
    ['of the house as a merchant', () => raw({ role: 'merchant', merchant: house, exp: later })],
    ['of finance for a merchant', () => raw({ role: 'finance', merchant: '1042', exp: later })],
    ['not valid yet', () => raw({ role: 'finance', exp: later, nbf: later - 1 })],
    ['of another algorithm', () => raw({ role: 'finance', exp: later }, 'HS512')],
    [
      'changed',
      async () => {
        const [head, , signature] = (await sign()).split('.')
        const claims = Buffer.from(JSON.stringify({ role: 'operator', exp: later })).toString('base64url')
        return `${head}.${claims}.${signature}`
      },
    ],
    [
      'of no algorithm',
      async () => {
        const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
        return `${part({ alg: 'none' })}.${part({ role: 'operator', exp: later })}.`
      },
    ],
  ])('is nobody’s: %s', async (_, token) => {
    expect(await bearer(token())).toBeUndefined()
  })
})

describe('a new key', () => {
  it('is another each time and holds no secret beside its token', () => {
    const [one, two] = [newKey('1042'), newKey('1042')]
    expect(one.token).toMatch(/^dbk_MTA0Mg\.key_[0-9a-f]{16}\.[A-Za-z0-9_-]{43}$/)
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set([one.token, two.token, one.keyId, two.keyId, one.hash, two.hash]).size).toBe(6)
  })

  it('for the demo is the same for one installation and merchant, and another for others', async () => {
    const key = demoKey('installation', '1042')
    expect(demoKey('installation', '1042')).toEqual(key)
    expect(demoKey('other', '1042').token).not.toBe(key.token)
    expect(demoKey('installation', '7').hash).not.toBe(key.hash)
    issue('1042', 'merchant', key)
    expect(await authenticate(`Bearer ${key.token}`)).toEqual({ role: 'merchant', merchantId: '1042', keyId: 'demo' })
  })
})
