import {
  AccessDeniedError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client'
import { UnreadableEvent } from '../../http/unreadable-event.ts'

/** The server takes the append for one that makes no sense. */
export class AppendRefused extends Error {
  override name = 'AppendRefused'
}

/** It was asked of a store that has been closed. */
export class EventStoreClosed extends Error {
  override name = 'EventStoreClosed'
}

const final = [
  AccessDeniedError,
  AppendRefused,
  EventStoreClosed,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  UnreadableEvent,
  WrongExpectedVersionError,
] as const

/**
 * Whether another try may go through: anything but an answer that would be the same again. What a server says while it
 * starts, stops, is busy or away has many forms, some of them plain errors.
 */
export const isPassing = (error: unknown): boolean => !final.some((kind) => error instanceof kind)
