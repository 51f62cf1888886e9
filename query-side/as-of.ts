import Type from 'typebox'
import { isPosition, type Position, positionAt, reached, sequencesIn } from '../domain/position.ts'
import { invalidRequest } from '../http/validate.ts'
import type { History } from './history.ts'
import { momentIn } from './instant.ts'
import { wantedPosition } from './min-position.ts'
import { invalidCursor } from './page-cursor.ts'

/** The query parameter with which a client reads what was. */
export const asOf = {
  asOf: Type.Optional(
    Type.String({
      maxLength: 1100,
      description:
        'What was then: a `Daybook-Position` of an earlier answer, or an ISO 8601 instant with its zone, or a date (00:00 UTC), up to which events were recorded. Not together with `minPosition`',
    }),
  ),
}

/** What a read of the past speaks of. */
export const AsOfSchema = Type.Object(
  {
    position: Type.String({ description: 'Everything up to it, and nothing else, is in the answer' }),
    instant: Type.Optional(
      Type.String({ format: 'date-time', description: 'The instant asked for, from which the position follows' }),
    ),
  },
  { additionalProperties: false, description: 'There where `asOf` was asked for' },
)

/** Everything up to a position; the instant that it was found by where one was asked for (ISO 8601, UTC). */
export type AsOf = { readonly position: Position; readonly instant?: string }

/** What a request says of the history that it wants to see. */
export type Given = {
  readonly asOf?: string | undefined
  readonly minPosition?: string | undefined
  readonly cursor?: string | undefined
}

/** What of the history a read shows. */
export type View = {
  /** Undefined for all that there is. */
  readonly asOf: AsOf | undefined
  /** What the read models must have come to before they are asked. */
  readonly wanted: Position | undefined
  /** The list's own cursor. */
  readonly cursor: string | undefined
}

/** Reads a request's view; 400 for one that cannot be had. */
export type ViewOf = (given: Given) => Promise<View>

const refused = (detail: string) => invalidRequest([{ pointer: '?asOf', detail }])

const separator = '~'

/** The cursor of a list's next page: a page of the past says of which, so that all pages speak of the same. */
export const cursorAsOf = (cursor: string | null, asOf: AsOf | undefined): string | null =>
  cursor === null || asOf === undefined ? cursor : `${asOf.position}${separator}${cursor}`

/** The position of the page before, and the list's own cursor. */
const inCursor = (cursor: string): { readonly position: Position; readonly cursor: string } => {
  const [position = '', own, ...more] = cursor.split(separator)
  if (own === undefined || more.length > 0 || !isPosition(position)) throw invalidCursor()
  return { position, cursor: own }
}

/**
 * Views of a history. `positionOf` tells up to where everything had been recorded at an instant that has passed.
 */
export const views = (
  history: Pick<History, 'head'>,
  positionOf: (instant: Date) => Promise<Position>,
  now: () => Date = () => new Date(),
): ViewOf => {
  const atPosition = async (given: Position): Promise<AsOf> => {
    const position = positionAt(sequencesIn(given))
    if (!reached(await history.head(), position)) throw refused('is a position that nothing has come to yet')
    return { position }
  }
  const atInstant = async (given: string, known: Position | undefined): Promise<AsOf> => {
    const moment = momentIn(given)
    if (moment === undefined) throw refused('must be a Daybook-Position, or an ISO 8601 instant or date')
    if (moment > now()) throw refused('is in the future')
    return { position: known ?? (await positionOf(moment)), instant: moment.toISOString() }
  }
  return async ({ asOf: given, minPosition, cursor: whole }) => {
    if (given === undefined) return { asOf: undefined, wanted: wantedPosition(minPosition), cursor: whole }
    if (minPosition !== undefined) throw refused('cannot be asked for together with minPosition')
    const before = whole === undefined ? undefined : inCursor(whole)
    const found = isPosition(given) ? await atPosition(given) : await atInstant(given, before?.position)
    if (before !== undefined && before.position !== found.position) throw invalidCursor()
    return { asOf: found, wanted: found.position, cursor: before?.cursor }
  }
}
