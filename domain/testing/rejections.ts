import type { Decision } from '../decider.ts'
import type { DomainEvent } from '../event.ts'
import type { Rejection } from '../rejection.ts'

/** Given this history, when that is asked, then it is refused with the code, though those of `over` would fit too. */
export type RejectionRow<Event extends DomainEvent, Command> = {
  readonly code: Rejection
  readonly over?: readonly Rejection[]
  readonly why: string
  readonly given: readonly Event[]
  readonly when: Command
}

/** What a row looks like where kinds of streams don't matter. */
export type Refusal = {
  readonly code: Rejection
  readonly over: readonly Rejection[]
  readonly why: string
  readonly command: string
  readonly decide: () => Decision<DomainEvent>
}
