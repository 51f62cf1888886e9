import type { Position } from '../domain/position.ts'

/** How far somebody is behind the log: in events, and by the age of the oldest event not seen. */
export type Lag = { readonly events: number; readonly seconds: number }

/** How far a reader at a position is behind. */
export type LagOf = (position: Position) => Promise<Lag>
