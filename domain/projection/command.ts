import type { Position } from '../position.ts'

/** The stream is parked at the event at `position`, and is to be left there. */
export type DiscardParked = {
  readonly type: 'discardParked'
  readonly projection: string
  readonly stream: string
  readonly position: Position
  readonly reason: string
  readonly by: string
}

export type ProjectionCommand = DiscardParked
