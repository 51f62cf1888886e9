import { isPosition, type Position, positionAt, reached, sequencesIn } from '../../domain/position.ts'
import { momentIn } from '../../query-side/instant.ts'
import { StartError } from '../start-error.ts'

/** Where a stretch of the history begins or ends: at a position, or at an instant (ISO 8601, UTC). */
export type Bound = { readonly position: Position } | { readonly instant: string }

/** What an option says; `head` is the last position there is. Throws a `StartError` that names the option. */
export const boundOf = (option: string, text: string, head: Position, now: Date): Bound => {
  if (isPosition(text)) {
    if (!reached(head, text)) throw new StartError(`${option} ${text}: the log has come to ${head} only`)
    return { position: positionAt(sequencesIn(text)) }
  }
  const moment = momentIn(text)
  if (moment === undefined)
    throw new StartError(`${option} ${text}: it is a position, or an ISO 8601 instant with its zone, or a date`)
  if (moment > now) throw new StartError(`${option} ${text}: it is in the future`)
  return { instant: moment.toISOString() }
}
