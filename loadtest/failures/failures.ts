import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestHost } from '../../infra/postgres/testing/test-host.ts'
import type { Installation, Server } from './installation.ts'

/** Something that goes wrong while an installation is under load. */
export type Failure = {
  readonly name: string
  /** Does the harm; resolves to what repairs it, where that is not up to Daybook or whatever begins processes again. */
  readonly strike: (on: Installation) => Promise<() => Promise<void>>
  /** For how long it is not repaired, ms; 1,000 to 4,000 when absent. */
  readonly lastsMs?: readonly [least: number, most: number]
  /** Where Redis is slow as well, caches may show payments as they were for some minutes (docs/ENGINES.md). */
  readonly leavesOldStatuses?: boolean
}

const topic = 'daybook.events'
const nothing = async (): Promise<void> => undefined

const pick = <T>(choices: readonly T[]): T => {
  const choice = choices[randomInt(choices.length)]
  if (choice === undefined) throw new RangeError('there is nothing to choose from')
  return choice
}

/** Resolves when a projector has a transaction open on the server, or after two seconds. */
const untilMidBatch = async ({ primary }: Server): Promise<void> => {
  const open = `select 1 from pg_stat_activity where application_name = 'daybook projections' and xact_start is not null`
  for (let tries = 0; tries < 200; tries++) {
    if ((await primary.query(open)).length > 0) return
    await sleep(10)
  }
}

const isActive = async (metricsUrl: string): Promise<boolean> =>
  /^daybook_relay_active\S* 1$/m.test(await (await fetch(metricsUrl)).text())

const changePlaces = async (server: Server): Promise<() => Promise<void>> => {
  const { primary: lost, replica: next }: { primary: TestHost; replica: TestHost } = server
  // What is written from now on it does not have when the primary is lost.
  await next.freeze()
  await sleep(randomInt(200, 1_000))
  await lost.kill()
  await next.thaw()
  await next.promote()
  Object.assign(server, { primary: next, replica: lost })
  return () => lost.follow(next)
}

/** All that is tried, by name. */
export const failures: readonly Failure[] = [
  {
    name: 'kafka-leader',
    // Around the time after which the others take it for lost.
    lastsMs: [1_000, 8_000],
    strike: async ({ services: { kafka } }) => {
      const node = await kafka.leaderOf(topic, randomInt(50))
      const broker = kafka.each[node - 1] ?? pick(kafka.each)
      await broker.kill()
      return async () => {
        await broker.restart()
        await kafka.waitInSync(topic)
      }
    },
  },
  {
    name: 'relay',
    strike: async ({ sides: { relay } }) => {
      const active = await Promise.all(relay.map(({ metricsUrl }) => isActive(metricsUrl)))
      await (relay[active.indexOf(true)] ?? pick(relay)).kill()
      return nothing
    },
  },
  {
    name: 'projector',
    leavesOldStatuses: true,
    strike: async ({ sides: { projections }, servers }) => {
      const killed = randomInt(2) === 0 ? projections : [pick(projections)]
      await untilMidBatch(pick(servers))
      await Promise.all(killed.map((process) => process.kill()))
      return nothing
    },
  },
  {
    name: 'redis-master',
    strike: async ({ services: { redis } }) => {
      const masters = await Promise.all(redis.each.map(async (node) => ((await node.isMaster()) ? [node] : [])))
      const master = pick(masters.flat())
      await master.kill()
      return () => master.restart()
    },
  },
  {
    name: 'postgres-restarted',
    strike: async ({ servers }) => {
      const { primary } = pick(servers)
      await primary.kill()
      return () => primary.start()
    },
  },
  { name: 'postgres-replaced', strike: ({ servers }) => changePlaces(pick(servers)) },
  {
    name: 'command-side',
    strike: async ({ sides }) => {
      await pick(sides['command-side']).kill()
      return nothing
    },
  },
  {
    name: 'event-store',
    strike: async ({ services: { eventStores } }) => {
      const eventStore = pick(eventStores)
      await eventStore.kill()
      return () => eventStore.start()
    },
  },
  {
    name: 'partition',
    // Mostly longer than a consumer's session: it is taken for gone, and still writes what it has.
    lastsMs: [4_000, 15_000],
    strike: async ({ proxies }) => {
      for (const proxy of proxies) proxy.cut()
      return async () => {
        for (const proxy of proxies) proxy.mend()
      }
    },
  },
]
