import {
  AccessDeniedError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'

const final = [
  AccessDeniedError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
] as const

/**
 * Whether another try may go through: anything but an answer that would be the same again. What a server says while it
 * starts, stops, is busy or away has many forms, some of them plain errors.
 */
export const isPassing = (error: unknown): boolean => !final.some((kind) => error instanceof kind)
