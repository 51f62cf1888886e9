import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

const recorder = () => {
  const lines: string[] = []
  const logger = createLogger({ LOG_LEVEL: 'info' }, 'test', { write: (line) => lines.push(line) })
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> }
}

test('a line is one JSON object that names its process', () => {
  const { logger, last } = recorder()
  logger.info({ position: '17' }, 'caught up')
  expect(last()).toMatchObject({ process: 'test', msg: 'caught up', position: '17' })
})

test.each([
  ['a key', 'dbk_MTA0Mg.k1.c2VjcmV0c2VjcmV0'],
  ['a signed token', 'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYXVkaXRvciJ9.c2lnbmF0dXJl'],
  ['an authorization header', 'Bearer abcdef0123456789'],
  ['a card number', '4111111111111111'],
  ['a card number in groups', '4111 1111 1111 1111'],
  ["a payer's address", 'asha.k@okbank'],
  ["a database's password", 'postgres://ledger:hunter2@127.0.0.1/daybook'],
])('%s is hidden in messages, in values and in errors', (_, secret) => {
  const { logger, lines } = recorder()
  logger.info(`saw ${secret}`)
  logger.info({ deep: { list: [secret] } }, 'saw')
  logger.error(new Error(`bad ${secret}`, { cause: new Error(secret) }))
  logger.error({ err: new Error(`bad ${secret}`) }, 'failed')
  logger.error('failed: %s', secret)
  const secretPart = secret.replace('Bearer ', '').replace(/^.*ledger:(.*)@.*$/, '$1')
  expect(lines).toHaveLength(5)
  for (const line of lines) expect(line).not.toContain(secretPart)
})

test.each(['authorization', 'Api-Key', 'token', 'vpa', 'name', 'cvv', 'card_number', 'metadata'])(
  'what stands under %s is hidden',
  (field) => {
    const { logger, lines } = recorder()
    logger.warn({ request: { [field]: 'something private' } }, 'refused')
    expect(lines.join()).not.toContain('something private')
  },
)

test("a database error's quoted row is left out, its code and message stay", () => {
  const { logger, last, lines } = recorder()
  const error = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (customer)=(Asha) exists.' })
  logger.error(error, 'projection failed')
  expect(last()).toMatchObject({ msg: 'projection failed', err: { message: 'duplicate key', code: '23505' } })
  expect(lines.join()).not.toContain('Asha')
})

test('ids, positions, times and digits that are no card stay readable', () => {
  const { logger, last } = recorder()
  logger.info({ id: 'pay_0123456789abcdef0123456789abcdef', at: '2026-01-02T03:04:05.678Z', n: 4111111111111112 }, 'x')
  expect(last()).toMatchObject({ id: 'pay_0123456789abcdef0123456789abcdef', at: '2026-01-02T03:04:05.678Z' })
  expect(String(last()['n'])).toBe('4111111111111112')
})
