import Type from 'typebox'
import { isPosition, type Position } from '../domain/position.ts'
import { invalidRequest } from '../http/validate.ts'

/** The query parameter with which a client reads its own writes. */
export const minPosition = {
  minPosition: Type.Optional(
    Type.String({
      maxLength: 1100,
      description:
        'A `Daybook-Position` of an earlier answer: the read waits until it can see at least that, for a bounded time',
    }),
  ),
}

/** The position asked for; undefined when none was, 400 for what can't be one. */
export const wantedPosition = (given: string | undefined): Position | undefined => {
  if (given === undefined || isPosition(given)) return given
  throw invalidRequest([{ pointer: '?minPosition', detail: 'must be the Daybook-Position of an earlier answer' }])
}
