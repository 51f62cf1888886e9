import type { Position } from '../domain/position.ts'
import { idOf, ofEvents, ofStreams } from './difference.ts'
import { everything } from './everything.ts'
import type { Parts } from './steps.ts'

/** So many records that no page tells of are looked for again, to see whether they are gone. */
const mostStrays = 10_000

/**
 * Compares everything up to a position once, now; what differs is in the book afterwards. Goes on from the beginning
 * however far a reconciler is, and changes nothing about that.
 */
export const compareAll = async (
  parts: Parts,
  upTo: Position,
  onProgress: (at: Position) => void,
  signal: AbortSignal,
): Promise<void> => {
  const { rounds } = await parts.book.read()
  const before = (await parts.book.known(mostStrays)).filter(
    ({ kind, record }) => kind === 'ahead' || !(ofEvents.includes(record) || ofStreams.includes(record)),
  )
  const seen = new Set<string>()
  for await (const { differences, looked, at } of everything(parts, upTo, signal)) {
    await parts.book.write(rounds, looked, differences)
    for (const each of differences) seen.add(idOf(each))
    if (at !== undefined) onProgress(at)
  }
  const gone = before.filter(({ id }) => !seen.has(id))
  await parts.book.write(
    rounds,
    gone.map(({ id }) => ({ type: 'one', id })),
    [],
  )
}
