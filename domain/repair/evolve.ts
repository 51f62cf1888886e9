import type { Dated } from '../event.ts'
import type { RepairEvent } from './event.ts'
import type { Repair } from './state.ts'

/** A repair that nobody has ordered. */
export const initialRepair: Repair = { revision: -1 }

/** The repair after the event. */
export const evolveRepair = (repair: Repair, event: Dated<RepairEvent>): Repair => {
  const revision = repair.revision + 1
  switch (event.type) {
    case 'RepairOrdered': {
      const { repairId: _, ...order } = event.data
      return { ...repair, order, revision }
    }
    case 'RepairMade':
      return { ...repair, outcome: event.data.outcome, revision }
  }
}
