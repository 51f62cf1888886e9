import { type Position, positionAt } from '../domain/position.ts'
import { comparePage } from './compare-page.ts'
import { idOf } from './difference.ts'
import { behindIn, countLogs, moved, pageAt, type Parts } from './steps.ts'

/** So many records without a source are looked for again, to see whether they are gone. */
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
  const before = (await parts.book.known(mostStrays)).filter(({ kind }) => kind === 'ahead')
  const seen = new Set<string>()
  let at = positionAt(Array.from({ length: countLogs(parts) }, () => 0))
  for (let log = behindIn(parts, at, upTo); log !== undefined; log = behindIn(parts, at, upTo)) {
    signal.throwIfAborted()
    const page = await pageAt(parts, at, upTo, log)
    const { differences, looked } = await comparePage(parts.places, page, signal)
    await parts.book.write(rounds, looked, differences)
    for (const each of differences) seen.add(idOf(each))
    at = moved(parts, at, log, page.upTo)
    onProgress(at)
  }
  for (const place of parts.places)
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      signal.throwIfAborted()
      const { differences, next } = await place.strays(after)
      await parts.book.write(rounds, [], differences)
      for (const each of differences) seen.add(idOf(each))
      after = next
    }
  const gone = before.filter(({ id }) => !seen.has(id))
  await parts.book.write(
    rounds,
    gone.map(({ id }) => ({ type: 'one', id })),
    [],
  )
}
