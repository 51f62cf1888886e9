import { type Position, positionAt } from '../domain/position.ts'
import type { Looked } from './book/book.ts'
import { comparePage } from './compare-page.ts'
import type { Difference } from './difference.ts'
import { wrongOf } from './place.ts'
import { behindIn, countLogs, moved, pageAt, type Parts } from './steps.ts'

/** What differs in a stretch of the logs, or among records without a source, and what was looked at to say so. */
export type Step = {
  readonly differences: readonly Difference[]
  readonly looked: readonly Looked[]
  /** Up to where everything was compared; absent among records without a source. */
  readonly at?: Position
}

/** Compares everything up to a position that all places have reached, from the beginning. */
export async function* everything(
  parts: Pick<Parts, 'logs' | 'places'>,
  upTo: Position,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  const wrong = new Set<string>()
  let at = positionAt(Array.from({ length: countLogs(parts) }, () => 0))
  for (let log = behindIn(parts, at, upTo); log !== undefined; log = behindIn(parts, at, upTo)) {
    signal.throwIfAborted()
    const page = await pageAt(parts, at, upTo, log)
    const { differences, looked } = await comparePage(parts.places, page, signal)
    for (const each of differences) if (each.where === 'postgres') wrong.add(wrongOf(each))
    at = moved(parts, at, log, page.upTo)
    yield { differences, looked, at }
  }
  for (const place of parts.places)
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      signal.throwIfAborted()
      const { differences, next } = await place.strays(after, wrong)
      for (const each of differences) if (each.where === 'postgres') wrong.add(wrongOf(each))
      yield { differences, looked: [] }
      after = next
    }
}
