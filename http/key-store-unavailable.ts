import { Problem } from './problem.ts'

/**
 * 503 `keyStoreUnavailable`: the keys of personal data cannot be read, or lack one that they must have had. Nothing is
 * shown as forgotten that was not, and nothing is stored unsealed. `cause` says what is wrong.
 */
export class KeyStoreUnavailable extends Problem {
  override name = 'KeyStoreUnavailable'

  constructor(cause: unknown) {
    super(
      503,
      'keyStoreUnavailable',
      'The keys of personal data cannot be reached; send it again, a command with the same Idempotency-Key',
      { headers: { 'Retry-After': '1' } },
    )
    this.cause = cause
  }
}
