import type { EventOf } from '../event-schema.ts'
import type { projectionSchemas } from './event-schemas.ts'

/** Everything that operators can have decided about a projection. */
export type ProjectionEvent = EventOf<typeof projectionSchemas>
