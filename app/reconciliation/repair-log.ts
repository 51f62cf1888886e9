import type { EventStore } from '../../command-side/event-store.ts'
import { type Fold, foldStream } from '../../command-side/fold-stream.ts'
import { newEvents } from '../../command-side/new-events.ts'
import { idOf } from '../../command-side/uuid.ts'
import { type EventMetadata, repairStream } from '../../domain/event.ts'
import { house } from '../../domain/merchant/role.ts'
import type { Position } from '../../domain/position.ts'
import type { RepairCommand } from '../../domain/repair/command.ts'
import { decideRepair } from '../../domain/repair/decide.ts'
import { methodFor } from '../../domain/repair/difference.ts'
import type { RepairEvent } from '../../domain/repair/event.ts'
import { evolveRepair, initialRepair } from '../../domain/repair/evolve.ts'
import type { Repair } from '../../domain/repair/state.ts'
import type { KnownDifference } from '../../reconciliation/difference.ts'
import type { RepairLog } from '../../reconciliation/repair.ts'

/** Who orders a repair, and why. */
export type Orderer = { readonly by: string; readonly reason: string; readonly traceId?: string }

/** An order that is in the log. A reconciler that has come to `position` has made it. */
export type Ordered = { readonly repairId: string; readonly position: Position }

/** The streams of repairs, with orders. */
export type RepairOrders = RepairLog & {
  /** Appends the order; the same difference, as it was found, again is the same order. */
  order(difference: KnownDifference, orderer: Orderer): Promise<Ordered>
}

type Store = Pick<EventStore, 'append' | 'readStream' | 'head'>

const fold: Fold<Repair, RepairEvent> = { initialState: initialRepair, evolve: evolveRepair }

/** Reads and appends repairs; `now` is ISO 8601, UTC, milliseconds. */
export const repairOrders = (store: Store, now: () => string): RepairOrders => {
  const read = (repairId: string): Promise<Repair> => foldStream(store, repairStream(repairId), fold)

  const change = async (command: RepairCommand, metadata: EventMetadata): Promise<Position> => {
    const stream = repairStream(command.repairId)
    const before = await read(command.repairId)
    const decided = decideRepair(command, before)
    const expected = before.revision === -1 ? 'none' : before.revision
    if (decided.length === 0) return store.head()
    // Whoever else appends meanwhile appends the same.
    const result = await store.append(stream, expected, newEvents(stream, command.type, decided, metadata, now()))
    return result.type === 'appended' ? result.position : store.head()
  }
  return {
    read,
    order: async (difference, { by, reason, traceId }) => {
      const { id, since, stream: subject, ...rest } = difference
      const repairId = idOf('rep', id, since)
      const how = methodFor(difference.where, difference.kind)
      const metadata = { merchantId: house, ...(traceId === undefined ? {} : { traceId }) }
      const command: RepairCommand = { type: 'orderRepair', repairId, ...rest, subject, how, by, reason }
      return { repairId, position: await change(command, metadata) }
    },
    record: async (repairId, outcome) => {
      await change({ type: 'recordRepair', repairId, outcome }, { merchantId: house, cause: 'reconciler' })
    },
  }
}
