import { expect, test, vi } from 'vitest'
import type { GatewayOutcome } from '../domain/payment/command.ts'
import type { Gateway, GatewayOperation } from './gateway.ts'
import { createGateways } from './gateways.ts'
import type { Logger } from './logger.ts'

const approved: GatewayOutcome = { type: 'approved' }
const operation = (reference: string, kind: GatewayOperation['operation'] = 'authorization'): GatewayOperation => ({
  operation: kind,
  reference,
  paymentId: 'pay_1',
  amount: 1n,
  currency: 'INR',
  method: { type: 'card', token: 't' },
  capture: 'automatic',
})
const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

const gatewayOf = (call: Gateway['authorize'], name = 'test'): Gateway => ({
  name,
  authorize: call,
  capture: call,
  increment: call,
  void: call,
  refund: call,
  lookup: call,
})
const hang = (_: GatewayOperation, signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'))
    })
  })

test('each operation goes to its own call of the gateway named', async () => {
  const asked: string[] = []
  const noting = (name: string) => async () => {
    asked.push(name)
    return approved
  }
  const gateways = createGateways(
    [
      {
        name: 'a',
        authorize: noting('authorize'),
        capture: noting('capture'),
        increment: noting('increment'),
        void: noting('void'),
        refund: noting('refund'),
        lookup: noting('lookup'),
      },
      gatewayOf(noting('other'), 'b'),
    ],
    { timeoutMs: 1_000, maxConcurrent: 10 },
    silent,
  )
  for (const kind of ['authorization', 'capture', 'increment', 'void', 'refund'] as const) {
    expect(await gateways.send('a', operation('1', kind))).toEqual(approved)
  }
  expect(await gateways.lookup('a', operation('1'))).toEqual(approved)
  expect(asked).toEqual(['authorize', 'capture', 'increment', 'void', 'refund', 'lookup'])
  expect([gateways.has('b'), gateways.has('c')]).toEqual([true, false])
})

test('a gateway that does not answer, fails or is not there leaves the outcome unknown', async () => {
  const failures: unknown[] = []
  const logger: Logger = { ...silent, warn: (fields) => failures.push(fields['reference']) }
  const gateways = createGateways(
    [
      gatewayOf(hang, 'hanging'),
      gatewayOf(() => Promise.reject(new Error('502')), 'failing'),
      gatewayOf(() => new Promise(() => undefined), 'deaf'),
    ],
    { timeoutMs: 20, maxConcurrent: 10 },
    logger,
  )
  expect(await gateways.send('hanging', operation('1'))).toEqual({ type: 'unknown' })
  expect(await gateways.lookup('hanging', operation('1'))).toEqual({ type: 'unknown' })
  expect(await gateways.send('failing', operation('2'))).toEqual({ type: 'unknown' })
  expect(await gateways.send('deaf', operation('3'))).toEqual({ type: 'unknown' })
  expect(await gateways.send('nobody', operation('4'))).toEqual({ type: 'unknown' })
  expect(failures).toEqual(['2'])
})

test('no more than the limit at once, the rest in order', async () => {
  let running = 0
  let most = 0
  const order: string[] = []
  const gateways = createGateways(
    [
      gatewayOf(async ({ reference }) => {
        most = Math.max(most, ++running)
        order.push(reference)
        await new Promise((resolve) => {
          setTimeout(resolve, 1)
        })
        running--
        return approved
      }),
    ],
    { timeoutMs: 30_000, maxConcurrent: 3 },
    silent,
  )
  const references = Array.from({ length: 20 }, (_, index) => String(index))
  const outcomes = await Promise.all(references.map((reference) => gateways.send('test', operation(reference))))
  expect(outcomes).toEqual(references.map(() => approved))
  expect(most).toBe(3)
  expect(order).toEqual(references)
})

test('what waited too long is not sent any more, and a deaf gateway gives its place back', async () => {
  const sent: string[] = []
  const gateways = createGateways(
    [
      gatewayOf(({ reference }) => {
        sent.push(reference)
        return reference.startsWith('deaf') ? new Promise(() => undefined) : Promise.resolve(approved)
      }),
    ],
    { timeoutMs: 30, maxConcurrent: 1 },
    silent,
  )
  // In one millisecond, however busy the machine is: then they are out of time at one moment.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
  const first = gateways.send('test', operation('deaf'))
  const second = gateways.send('test', operation('waiting'))
  clock.mockRestore()
  expect(await Promise.all([first, second])).toEqual([{ type: 'unknown' }, { type: 'unknown' }])
  expect(await gateways.send('test', operation('later'))).toEqual(approved)
  expect(sent).not.toContain('waiting')
  expect(sent).toContain('later')
})
