import { Problem } from './problem.ts'

/**
 * 503 `eventStoreUnavailable`: the event store does not answer, or says that it cannot now. What was asked of it may have
 * been done; it may be asked again. `cause` says what is wrong.
 */
export class EventStoreUnavailable extends Problem {
  override name = 'EventStoreUnavailable'

  constructor(cause: unknown) {
    super(
      503,
      'eventStoreUnavailable',
      'The event store cannot be reached; send it again with the same Idempotency-Key',
      {
        headers: { 'Retry-After': '1' },
      },
    )
    this.cause = cause
  }
}
