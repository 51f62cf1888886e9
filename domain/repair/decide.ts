import type { RepairCommand } from './command.ts'
import type { RepairEvent } from './event.ts'
import type { Repair } from './state.ts'

/** What a command does to a repair: nothing where it was done before, or where what is recorded was never ordered. */
export const decideRepair = (command: RepairCommand, repair: Repair): readonly RepairEvent[] => {
  switch (command.type) {
    case 'orderRepair': {
      const { type: _, ...data } = command
      return repair.order === undefined ? [{ type: 'RepairOrdered', data }] : []
    }
    case 'recordRepair': {
      const { type: _, ...data } = command
      return repair.order === undefined || repair.outcome !== undefined ? [] : [{ type: 'RepairMade', data }]
    }
  }
}
