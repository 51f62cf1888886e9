import { accept } from '../decider.ts'
import { isProjectionEvent } from '../event-types.ts'
import { projectionStream } from '../event.ts'
import type { Rules } from '../judge.ts'
import { decideProjection } from './decide.ts'
import type { ProjectionEvent } from './event.ts'
import { evolveProjection, initialDiscards } from './evolve.ts'
import type { Discards } from './state.ts'

/** How a projection's stream is judged. It cannot tell whether the stream that was discarded was parked. */
export const projectionRules: Rules<Discards, ProjectionEvent> = {
  initialState: initialDiscards,
  evolve: evolveProjection,
  belongs: isProjectionEvent,
  streamOf: ({ data }) => projectionStream(data.projection),
  decide: ({ data }, discards) => accept(...decideProjection({ type: 'discardParked', ...data }, discards)),
  told: (decided) => decided,
}
