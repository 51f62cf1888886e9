import { randomBytes } from 'node:crypto'
import type { Side } from '../../app/testing/cluster.ts'
import { type Front, startFront } from '../../app/testing/front.ts'
import { runToEnd, type Settings } from '../../app/testing/program.ts'
import { type Proxy, startProxy } from '../../infra/kafka/testing/proxy.ts'
import type { TestHost } from '../../infra/postgres/testing/test-host.ts'
import { type Services, startServices } from '../../infra/testing/services.ts'
import { type Supervised, supervise } from './supervise.ts'
import { undoing } from '../../infra/testing/undo.ts'

/** A PostgreSQL server of two hosts, which may change their parts. */
export type Server = { primary: TestHost; replica: TestHost }

/** Real engines and two of each process, behind one address; the projections reach Kafka through proxies. */
export type Installation = {
  readonly url: string
  readonly settings: Settings
  readonly services: Services
  readonly servers: readonly Server[]
  readonly proxies: readonly Proxy[]
  readonly sides: Readonly<Record<Side, readonly Supervised[]>>
  /** A key of an operator. */
  readonly operator: string
  keyOf(merchantId: string): Promise<string>
  stop(): Promise<void>
}

const paces = { GATEWAY_TIMEOUT: '300', RESOLVE_INTERVAL: '200', SETTLEMENT_INTERVAL: '700' }
const limits = { RATE_LIMIT_MAX_REQUESTS: '0', DB_POOL_MIN: '0', DB_POOL_MAX: '10' }

/** Starts all of it. `onEnd` hears of processes that ended by themselves. */
export const startInstallation = async (
  say: (line: string) => void,
  onEnd: (side: Side, said: string) => void,
): Promise<Installation> => {
  const undo = undoing()
  try {
    const services = await startServices(say)
    undo.add(() => services.stop())
    const secret = { JWT_SECRET: randomBytes(24).toString('hex') }
    const settings = { ...services.environment, ...secret, ...paces, ...limits }
    const proxies: Proxy[] = []
    for (const { ports } of services.kafka.each) {
      const proxy = await startProxy(ports.proxy, ports.behindProxy)
      undo.add(() => proxy.close())
      proxies.push(proxy)
    }
    const behind = services.kafka.each.map(({ ports }) => `127.0.0.1:${ports.proxy}`).join(',')
    const two = async (side: Side, own: Settings = {}): Promise<readonly Supervised[]> => {
      const start = async (): Promise<Supervised> => {
        const process = await supervise(side, { ...settings, ...own }, onEnd)
        undo.add(() => process.stop())
        return process
      }
      return Promise.all([start(), start()])
    }
    say('two of each process …')
    const sides = {
      relay: await two('relay'),
      projections: await two('projections', { KAFKA_BROKERS: behind }),
      'command-side': await two('command-side'),
      'query-side': await two('query-side'),
    }
    const urls = (side: Side): readonly string[] => sides[side].map(({ url }) => url)
    const front: Front = await startFront(urls('command-side'), urls('query-side'))
    undo.add(() => front.close())
    const key = (...of: readonly string[]): Promise<string> => runToEnd(['keys', 'create', '--role', ...of], settings)
    return {
      url: front.url,
      settings,
      services,
      servers: services.postgres.map((pair) => ({ ...pair })),
      proxies,
      sides,
      operator: await key('operator'),
      keyOf: (merchantId) => key('merchant', '--merchant', merchantId),
      stop: () => undo.all(),
    }
  } catch (error) {
    await undo.all()
    throw error
  }
}
