import { expect, test } from 'vitest'
import { healthRoutes, type Probe } from './health.ts'

const probe = (name: string, ready: Probe['ready']): Probe => ({ name, ready })
const never = (): Promise<boolean> => new Promise(() => undefined)

test('alive, whatever is missing', async () => {
  const answer = await healthRoutes([probe('postgres', never)], 10).request('/health')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }])
})

test('ready when everything is', async () => {
  const answer = await healthRoutes([probe('postgres', async () => true)], 1_000).request('/ready')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready' }])
})

test('waits for what is not there, fails or is silent', async () => {
  const probes = [
    probe('log', async () => true),
    probe('postgres', async () => false),
    probe('projections', () => Promise.reject(new Error('gone'))),
    probe('gateway', never),
    probe('bank', () => {
      throw new Error('at once')
    }),
  ]
  const answer = await healthRoutes(probes, 20).request('/ready')
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { status: 'waiting', waitsFor: ['postgres', 'projections', 'gateway', 'bank'] },
  ])
  expect(answer.headers.get('Retry-After')).toBe('1')
})

test('ready without what only some requests need, and says without what', async () => {
  const probes = [probe('log', async () => true), { ...probe('postgres 2', async () => false), isNeeded: false }]
  const answer = await healthRoutes(probes, 1_000).request('/ready')
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', without: ['postgres 2'] }])
})
