import { projectionStream } from '../../domain/event.ts'
import type { ProjectionCommand } from '../../domain/projection/command.ts'
import { decideProjection } from '../../domain/projection/decide.ts'
import type { ProjectionEvent } from '../../domain/projection/event.ts'
import { evolveProjection, initialDiscards } from '../../domain/projection/evolve.ts'
import type { Discards } from '../../domain/projection/state.ts'
import type { Position } from '../../domain/position.ts'
import { decideOnStream, type Occasion } from '../decide-on-stream.ts'
import type { EventStore } from '../event-store.ts'
import { type Fold, foldStream } from '../fold-stream.ts'

const fold: Fold<Discards, ProjectionEvent> = { initialState: initialDiscards, evolve: evolveProjection }

/** Which streams a projection is to be without, and why, as operators have decided. */
export const readDiscards = (store: Pick<EventStore, 'readStream'>, projection: string): Promise<Discards> =>
  foldStream(store, projectionStream(projection), fold)

/** Records a decision about a parked stream. A reader at the position sees it. Throws 409 `conflict` when others never let it. */
export const recordDiscard = async (
  store: EventStore,
  command: ProjectionCommand,
  by: Occasion,
): Promise<{ readonly discards: Discards; readonly position: Position }> => {
  const stream = projectionStream(command.projection)
  const decide = (discards: Discards) => decideProjection(command, discards)
  const { state, position } = await decideOnStream(store, stream, fold, decide, by)
  return { discards: state, position }
}
