import { setTimeout as wait } from 'node:timers/promises'
import { type Looked } from './book/book.ts'
import { type Difference, idOf } from './difference.ts'
import type { Page } from './page.ts'
import type { Comparison, Place } from './place.ts'
import { addSums, noSums, type Sums, sumKey } from './state.ts'

/** What came of comparing all places with a page. */
export type Compared = {
  readonly sums: Sums
  readonly differences: readonly Difference[]
  readonly looked: readonly Looked[]
}

/** What differs is asked for again after these pauses: a copy may be late, or have moved on while it was read. */
const pausesMs = [500, 1_500]

/** Asks again until nothing differs, or what does has been there all the time. */
const compareSurely = async (place: Place, page: Page, signal: AbortSignal): Promise<Comparison> => {
  let comparison = await place.compare(page)
  for (const pauseMs of pausesMs) {
    if (comparison.differences.length === 0) break
    await wait(pauseMs, undefined, { signal })
    const again = await place.compare(page)
    const before = new Set(comparison.differences.map(idOf))
    comparison = { ...again, differences: again.differences.filter((each) => before.has(idOf(each))) }
  }
  return comparison
}

const sumsOf = (place: Place, { parts }: Comparison): Sums =>
  parts.reduce(
    (sums, { part, expected, found }) => addSums(sums, new Map([[sumKey(place.where, part), { expected, found }]])),
    noSums,
  )

/** Compares each place with a page of the log. Rejects where one cannot be asked, or when `signal` is aborted. */
export const comparePage = async (places: readonly Place[], page: Page, signal: AbortSignal): Promise<Compared> => {
  const { log, after, upTo, events } = page
  const streams = [...new Set(events.map(({ stream }) => stream))]
  let sums = noSums
  const differences: Difference[] = []
  const looked: Looked[] = []
  for (const place of places) {
    const comparison = await compareSurely(place, page, signal)
    sums = addSums(sums, sumsOf(place, comparison))
    differences.push(...comparison.differences)
    if (!place.canChange) continue
    looked.push(
      { type: 'events', where: place.where, log, after, upTo },
      { type: 'streams', where: place.where, streams },
    )
  }
  return { sums, differences, looked }
}
