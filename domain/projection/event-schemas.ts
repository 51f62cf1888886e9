import { data, PositionSchema, type Schemas } from '../event-schema.ts'
import { Text } from '../text.ts'

/** The data of each type of a projection's events, by version. */
export const projectionSchemas = {
  /** The projection is to be without the stream from the event at `position` on: an operator knows why it cannot be applied. */
  ParkedStreamDiscarded: [
    data({
      projection: Text(40),
      stream: Text(400),
      position: PositionSchema,
      reason: Text(500),
      /** The key of whoever decided it. */
      by: Text(100),
    }),
  ],
} as const satisfies Schemas
