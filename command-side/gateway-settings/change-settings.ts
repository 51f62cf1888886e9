import { randomUUID } from 'node:crypto'
import { gatewayStream } from '../../domain/event.ts'
import type { GatewayCommand } from '../../domain/gateway/command.ts'
import { decideGateway } from '../../domain/gateway/decide.ts'
import { evolveGateway } from '../../domain/gateway/evolve.ts'
import type { GatewaySettings } from '../../domain/gateway/state.ts'
import { house } from '../../domain/merchant/role.ts'
import type { Position } from '../../domain/position.ts'
import { Problem } from '../../http/problem.ts'
import type { EventStore } from '../event-store.ts'
import { newEvents } from '../new-events.ts'
import type { GatewayCache } from './gateway-cache.ts'
import { readSettings } from './read-settings.ts'

/** The settings after a change. A reader at `position` sees them. */
export type ChangedSettings = { readonly settings: GatewaySettings; readonly position: Position }

/**
 * Decides a command on a gateway's settings and appends what happened; `now` is ISO 8601, UTC, milliseconds. Throws 409
 * `conflict` when others never let it.
 */
export type ChangeSettings = (
  command: GatewayCommand,
  by: { readonly now: string; readonly traceId: string },
) => Promise<ChangedSettings>

const maxAttempts = 10

export const createChangeSettings =
  (store: EventStore, cache: GatewayCache): ChangeSettings =>
  async (command, { now, traceId }) => {
    const stream = gatewayStream(command.gateway)
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const before = await readSettings(store, command.gateway)
      const decided = decideGateway(command, before)
      if (decided.length === 0) return { settings: before, position: await store.head() }

      // A name that nobody else can give: of two calls that decide the same, one must find the stream changed.
      const events = newEvents(stream, randomUUID(), decided, { merchantId: house, traceId }, now)
      const expected = before.revision === -1 ? 'none' : before.revision
      const result = await store.append(stream, expected, events)
      if (result.type === 'wrongRevision') continue

      await Promise.all(events.map((event, index) => cache.changed(event, before.revision + 1 + index)))
      return { settings: events.reduce(evolveGateway, before), position: result.position }
    }
    throw new Problem(409, 'conflict', 'The gateway kept changing; try again', { headers: { 'Retry-After': '1' } })
  }
