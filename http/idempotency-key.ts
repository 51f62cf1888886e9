import type { Context } from 'hono'
import { refuseCardData } from './card-data.ts'
import { headerOf } from './headers.ts'
import { Problem } from './problem.ts'

export const idempotencyKeyHeader = 'Idempotency-Key'

const printable = /^[\x20-\x7e]{1,255}$/

/**
 * A client's key for one effect, from anywhere: 400 `idempotencyKeyMissing`, `idempotencyKeyInvalid` (it has 1 to 255
 * printable ASCII characters) or `cardDataRefused`. `pointer` names the place, such as `/idempotencyKey` in a batch line.
 */
export const checkIdempotencyKey = (key: unknown, pointer: string): string => {
  if (key === undefined || key === '') {
    throw new Problem(
      400,
      'idempotencyKeyMissing',
      'Each command needs an idempotency key, so that it can be retried',
      {
        errors: [{ pointer, detail: 'is missing' }],
      },
    )
  }
  if (typeof key !== 'string' || !printable.test(key)) {
    const detail = 'must be 1 to 255 printable ASCII characters'
    throw new Problem(400, 'idempotencyKeyInvalid', `The idempotency key ${detail}`, { errors: [{ pointer, detail }] })
  }
  refuseCardData(key, pointer)
  return key
}

/** The Idempotency-Key of a request, checked. */
export const idempotencyKey = (c: Context): string =>
  checkIdempotencyKey(headerOf(c, idempotencyKeyHeader.toLowerCase()), idempotencyKeyHeader)
