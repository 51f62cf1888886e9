import type { EventOf } from '../event-schema.ts'
import type { repairSchemas } from './event-schemas.ts'

/** Everything that can have happened to a repair. */
export type RepairEvent = EventOf<typeof repairSchemas>
