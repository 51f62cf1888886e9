import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { paymentStream, type RecordedEvent } from '../../domain/event.ts'
import { start } from '../../domain/position.ts'
import { isCurrency } from '../../infra/currencies.ts'
import { type EventLog, openEventLog } from '../../infra/lmdb/event-log.ts'
import { createGatewayCache } from '../../infra/cache/gateway-cache.ts'
import { sandboxBank } from '../../infra/sandbox/bank.ts'
import { sandboxGateway } from '../../infra/sandbox/gateway.ts'
import type { KeyStore } from '../../personal/key-store.ts'
import { memoryKeys } from '../../personal/testing/memory-keys.ts'
import { allRead } from '../../projections/unread.ts'
import type { EventStore } from '../event-store.ts'
import { type CommandSide, type CommandSideDeps, type CommandSideSettings, createCommandSide } from '../main.ts'
import type { WorkList } from '../work-list.ts'
import { type Client, clientOf } from './client.ts'

/** The command side on a log of its own, in a folder that goes when it is closed, with a clock that can be put forward. */
export type Ledger = Client & {
  readonly side: CommandSide
  readonly log: EventLog
  readonly keys: KeyStore
  /** What was logged as an error or a warning. */
  readonly logged: readonly unknown[]
  events(paymentId: string): Promise<readonly RecordedEvent[]>
  /** Puts the clock forward. */
  forward(ms: number): void
  readonly clock: () => number
  /** Another command side on the same log, that knows nothing but what is in it. */
  restart(more?: Pick<Given, 'gateways'>): Client
  close(): Promise<void>
}

/** What a test wants otherwise. `store` is a log of the test's own, which stays open; `before` stands in front of the log. */
export type Given = Partial<Omit<CommandSideDeps, 'settings' | 'store'>> & {
  readonly settings?: Partial<CommandSideSettings>
  readonly store?: EventLog
  readonly before?: (log: EventStore) => EventStore
}

const usual: CommandSideSettings = {
  gatewayTimeoutMs: 2_000,
  gatewayConcurrency: 1_000,
  authorizationTtlMs: 604_800_000,
  resolveIntervalMs: 5,
  settlementIntervalMs: 0,
  readModelWaitMs: 1_000,
  maxInFlight: 20_000,
  requireIfMatch: false,
}

/** Each process for itself. */
const alone = { shared: undefined, onLookup: () => undefined, onUnavailable: () => undefined }

export const openLedger = async ({ store, before, settings, ...given }: Given = {}): Promise<Ledger> => {
  const folder = await mkdtemp(join(tmpdir(), 'daybook-commands-'))
  const log = store ?? openEventLog({ path: folder })
  const keys = given.keys ?? memoryKeys()
  const logged: unknown[] = []
  const note = (fields: unknown) => logged.push(fields)
  let aheadMs = 0
  const clock = () => Date.now() + aheadMs

  const create = (more: Pick<Given, 'gateways'> = {}): CommandSide =>
    createCommandSide({
      store: before?.(log) ?? log,
      readLog: log.readAll,
      keys,
      gateways: [sandboxGateway({ latencyMs: 0 })],
      bank: sandboxBank({ latencyMs: 0 }),
      workList: everything(log),
      unsettled: () => Promise.resolve([]),
      gatewayCache: createGatewayCache(log, alone),
      isCurrency,
      logger: { info: () => undefined, warn: note, error: note },
      clock,
      settings: { ...usual, ...settings },
      ...given,
      ...more,
    })
  const side = create()

  return {
    ...clientOf(side.routes, note),
    side,
    log,
    keys,
    logged,
    events: (paymentId) => log.readStream(paymentStream(paymentId)),
    forward: (ms) => {
      aheadMs += ms
    },
    clock,
    restart: (more) => clientOf(create(more).routes, note),
    close: async () => {
      await side.stop()
      if (store === undefined) await log.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Names every payment there is, as a work list may: who works through it has to look. */
export const everything = (log: EventLog): WorkList => {
  const paymentIds = async (): Promise<string[]> => {
    const { events } = await log.readAll(start, 100_000)
    return [...new Set(allRead(events).flatMap(({ data }) => ('paymentId' in data ? [data.paymentId] : [])))]
  }
  return { unresolvedPayments: paymentIds, expiredPayments: paymentIds, openPayouts: () => Promise.resolve([]) }
}
