import type { EventOf } from '../event-schema.ts'
import type { gatewaySchemas } from './event-schemas.ts'

/** Everything that can have been set for a gateway. */
export type GatewayEvent = EventOf<typeof gatewaySchemas>
