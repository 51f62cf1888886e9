import type { EventMetadata } from '../domain/event.ts'
import { whatDiffers } from '../http/fingerprint.ts'
import { Problem } from '../http/problem.ts'

/** Throws 422 `idempotencyKeyReused` unless the event was caused by the same command as the one with this fingerprint. */
export const refuseReuse = (stored: EventMetadata, fingerprint: string): void => {
  const differences = whatDiffers(stored.fingerprint ?? '', fingerprint)
  if (differences.length === 0) return
  const named = differences.map((pointer) => pointer || 'the body').join(', ')
  throw new Problem(
    422,
    'idempotencyKeyReused',
    `This Idempotency-Key was used before, with another command: ${named}`,
    { errors: differences.map((pointer) => ({ pointer, detail: 'differs from the first command with this key' })) },
  )
}

/** The 409 for a key whose first command is still under way. */
export const keyInFlight = (): Problem =>
  new Problem(409, 'idempotencyKeyInFlight', 'The first command with this Idempotency-Key has no answer yet', {
    headers: { 'Retry-After': '1' },
  })
