import type { Position } from '../domain/position.ts'

/**
 * What a command came to, as it is sent: alone over HTTP or as a line of a batch, now or when the command is repeated.
 * Only what is in the log becomes an answer; refusals are thrown as a `Problem` and remembered nowhere.
 */
export type Answer = {
  /** `problem` where the answer is a recorded refusal of the gateway's (422). */
  readonly kind: 'resource' | 'problem'
  readonly status: 200 | 201 | 422
  /** JSON, written once so that a repeated answer is the same bytes. */
  readonly body: string
  /** The resource's id. */
  readonly id: string
  /** The revision of the last event that the command itself appended. */
  readonly revision: number
  /** The position of that event. */
  readonly position: Position
  readonly replayed: boolean
}
