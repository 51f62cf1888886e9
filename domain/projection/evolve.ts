import type { Dated } from '../event.ts'
import type { ProjectionEvent } from './event.ts'
import type { Discards } from './state.ts'

/** Of a projection about which nothing was decided. */
export const initialDiscards: Discards = { streams: new Map(), revision: -1 }

/** What is decided after the event. */
export const evolveProjection = (
  { streams, revision }: Discards,
  { data: { stream, position, reason, by }, recordedAt: at }: Dated<ProjectionEvent>,
): Discards => ({
  streams: new Map(streams).set(stream, { position, reason, by, at }),
  revision: revision + 1,
})
