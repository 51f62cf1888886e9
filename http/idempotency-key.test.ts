import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { checkIdempotencyKey, idempotencyKey } from './idempotency-key.ts'
import type { Edge } from './principal.ts'
import { onError } from './problem-response.ts'

const app = new Hono<Edge>()
app.onError(onError({ error: () => {} }))
app.post('/', (c) => c.text(idempotencyKey(c)))
const ask = (headers: Record<string, string>) => app.request('/', { method: 'POST', headers })

describe('an idempotency key', () => {
  it.each([['order-1'], ['x'], ['~ !"#$%&()*+,/:;<=>?@[]^_`{|}~'], ['x'.repeat(255)]])('is taken: %s', async (key) => {
    expect(await (await ask({ 'Idempotency-Key': key })).text()).toBe(key)
  })

  it.each([
    ['none', {}, 'idempotencyKeyMissing'],
    ['an empty one', { 'Idempotency-Key': '' }, 'idempotencyKeyMissing'],
    ['one of 256 characters', { 'Idempotency-Key': 'x'.repeat(256) }, 'idempotencyKeyInvalid'],
    ['letters beyond ASCII', { 'Idempotency-Key': 'ordér' }, 'idempotencyKeyInvalid'],
    ['a tab', { 'Idempotency-Key': 'a\tb' }, 'idempotencyKeyInvalid'],
    ['a card number', { 'Idempotency-Key': '4111 1111 1111 1111' }, 'cardDataRefused'],
  ])('is refused: %s', async (_, headers, code) => {
    const response = await ask(headers)
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({ code, errors: [{ pointer: 'Idempotency-Key' }] })
    expect(text).not.toMatch(/4111|ord/)
  })

  it.each([
    [undefined, 'idempotencyKeyMissing'],
    [7, 'idempotencyKeyInvalid'],
    [null, 'idempotencyKeyInvalid'],
    ['a\u0000', 'idempotencyKeyInvalid'],
  ])('is refused in a line of a batch: %s', (key, code) => {
    expect(() => checkIdempotencyKey(key, '/idempotencyKey')).toThrow(
      expect.objectContaining({ status: 400, code, errors: [expect.objectContaining({ pointer: '/idempotencyKey' })] }),
    )
  })
})
