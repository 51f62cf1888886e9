import { Problem } from './problem.ts'

/**
 * A stored event that this program cannot read: of a type or version it does not know, or not an event at all. To whoever
 * asked for its stream it is 503 `eventNotUnderstood`: nobody here knows what happened there, so nothing is made of it and
 * nothing added to it. An instance of a newer version may know.
 */
export class UnreadableEvent extends Problem {
  override name = 'UnreadableEvent'
  /** What is wrong with it, without any of its data. */
  readonly reason: string

  constructor(reason: string) {
    super(503, 'eventNotUnderstood', `What this is about cannot be read here: ${reason}`, {
      headers: { 'Retry-After': '5' },
    })
    this.reason = reason
  }
}
