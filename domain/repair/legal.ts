import { accept } from '../decider.ts'
import { isRepairEvent } from '../event-types.ts'
import { repairStream } from '../event.ts'
import type { Rules, Told } from '../judge.ts'
import type { RepairCommand } from './command.ts'
import { decideRepair } from './decide.ts'
import type { RepairEvent } from './event.ts'
import { evolveRepair, initialRepair } from './evolve.ts'
import type { Repair } from './state.ts'

/** How a repair's stream is judged: it is ordered once, and then made once. */
export const repairRules: Rules<Repair, RepairEvent> = {
  initialState: initialRepair,
  evolve: evolveRepair,
  belongs: isRepairEvent,
  streamOf: ({ data }) => repairStream(data.repairId),
  decide: (event, repair) => accept(...decideRepair(commandOf(event), repair)),
  told: (decided) => decided,
}

/** The command that can have made the event. */
const commandOf = ({ type, data }: Told & RepairEvent): RepairCommand => {
  switch (type) {
    case 'RepairOrdered':
      return { type: 'orderRepair', ...data }
    case 'RepairMade':
      return { type: 'recordRepair', ...data }
  }
}
