import { withoutPrevious } from '../../infra/eventstoredb/previous.ts'
import { chained, type Line } from '../../proof/line.ts'

/**
 * The text of the event itself, to be judged by its schema and its decider. What is hashed, signed and handed out is the
 * whole text that the log holds, and in an EventStoreDB that has the hash of the event before it too. That is left out here
 * only where the line's own hash follows from it: whatever else stands in its place is judged with the rest.
 */
export const ownText = (line: Line): string => {
  const { text, previous } = withoutPrevious(line.event)
  const isLink = previous !== undefined && line.revision > 0 && chained(line, previous) === line.hash
  return isLink ? text : line.event
}
