import { expect, test } from 'vitest'
import { healthRoutes } from '../query-side/health.ts'
import { commandSideProbes, querySideProbes } from './probes.ts'

type Part = 'there' | 'lost'
type Logs = Parameters<typeof querySideProbes>[0]
type Servers = Parameters<typeof querySideProbes>[1]

const answer = async <T>(part: Part, what: T): Promise<T> => {
  if (part === 'lost') throw new Error('nobody there')
  return what
}
const logs = (...parts: readonly Part[]): Logs =>
  ({ each: parts.map((part) => ({ head: () => answer(part, '7') })) }) as unknown as Logs
const servers = (...parts: readonly Part[]): Servers =>
  ({ servers: parts.map((part) => ({ read: () => answer(part, []) })) }) as unknown as Servers

const ready = async (probes: Parameters<typeof healthRoutes>[0]): Promise<readonly unknown[]> => {
  const response = await healthRoutes(probes, 1_000).request('/ready')
  return [response.status, await response.json()]
}

test.each([
  ['all is there', logs('there', 'there'), servers('there', 'there'), 200, { status: 'ready' }],
  ['a store is lost', logs('there', 'lost'), servers('there'), 200, { status: 'ready', without: ['eventStore 2'] }],
  ['a server is lost', logs('there'), servers('lost', 'there'), 200, { status: 'ready', without: ['postgres 1'] }],
] as const)('both sides are ready where %s', async (_, stores, places, status, body) => {
  expect(await ready(commandSideProbes(stores, places))).toEqual([status, body])
  expect(await ready(querySideProbes(stores, places))).toEqual([status, body])
})

test('commands need no PostgreSQL, and reads do', async () => {
  expect(await ready(commandSideProbes(logs('there'), servers('lost')))).toEqual([
    200,
    { status: 'ready', without: ['postgres'] },
  ])
  expect(await ready(querySideProbes(logs('there'), servers('lost')))).toEqual([
    503,
    { status: 'waiting', waitsFor: ['postgres'] },
  ])
})

test('neither is ready without any event store', async () => {
  for (const probes of [commandSideProbes, querySideProbes])
    expect(await ready(probes(logs('lost', 'lost'), servers('there')))).toEqual([
      503,
      { status: 'waiting', waitsFor: ['eventStore'] },
    ])
})
