import type { Order } from '../repair/command.ts'
import type { RepairEvent } from '../repair/event.ts'
import { evolveRepair, initialRepair } from '../repair/evolve.ts'
import type { Repair } from '../repair/state.ts'
import { secondsLater } from './payments.ts'

export const repairId = `rep_${'0'.repeat(31)}1`

export const someOrder: Order = {
  where: 'postgres',
  kind: 'altered',
  record: 'payment',
  part: 'shard_1',
  subject: 'payment-pay_1',
  log: 0,
  sequence: 7,
  how: 'reproject',
  by: 'operator 1',
  reason: 'a row was changed',
}

export const ordered: RepairEvent = { type: 'RepairOrdered', data: { repairId, ...someOrder } }
export const made: RepairEvent = { type: 'RepairMade', data: { repairId, outcome: 'made' } }

export const foldRepair = (events: readonly RepairEvent[]): Repair =>
  events.reduce(
    (repair, event, index) => evolveRepair(repair, { ...event, recordedAt: secondsLater(index) }),
    initialRepair,
  )
