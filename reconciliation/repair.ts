import type { RecordedEvent } from '../domain/event.ts'
import { isRepairEvent } from '../domain/event-types.ts'
import type { Outcome } from '../domain/repair/difference.ts'
import type { Repair } from '../domain/repair/state.ts'
import { isRead } from '../projections/unread.ts'
import type { Book } from './book/book.ts'
import { type Difference, idOf } from './difference.ts'
import type { Page } from './page.ts'
import type { Place } from './place.ts'

/** The streams of repairs in the log. */
export type RepairLog = {
  /** The repair as its stream tells of it. */
  read(repairId: string): Promise<Repair>
  /** Appends what came of a repair; nothing where that is there already. */
  record(repairId: string, outcome: Outcome): Promise<void>
}

/** What repairs are made with. */
export type Repairs = {
  readonly places: readonly Place[]
  readonly book: Book
  readonly log: RepairLog
}

const repairOne = async ({ places, book, log }: Repairs, repairId: string): Promise<Outcome | undefined> => {
  const { order, outcome } = await log.read(repairId)
  if (order === undefined || outcome !== undefined) return outcome
  const { subject, how, by: _, reason: __, ...rest } = order
  const difference: Difference = { ...rest, stream: subject }
  const place = places.find(({ where }) => where === difference.where)
  // One that cannot be asked from here is left to a reconciler that can.
  if (place === undefined) return undefined
  const made = how === 'acknowledge' ? 'made' : await place.repair(difference, await book.wrong())
  if (place.canChange) await book.write(0, [{ type: 'one', id: idOf(difference) }], [])
  // What was sent again is there twice from now on.
  else await book.acknowledge([difference, { ...difference, kind: 'doubled' }])
  await log.record(repairId, made)
  return made
}

/** Makes an ordered repair, once or as often as it is called; undefined where nobody ordered it or its place is not here. */
export const makeRepair = (repairs: Repairs, repairId: string): Promise<Outcome | undefined> =>
  repairOne(repairs, repairId)

/** Makes the repairs that a page of the log has orders of. After a crash the same page comes again. */
export const makeOrdered = async (repairs: Repairs, { events }: Page): Promise<void> => {
  for (const event of events.filter(isRead)) {
    const known: RecordedEvent = event
    if (isRepairEvent(known) && known.type === 'RepairOrdered') await repairOne(repairs, known.data.repairId)
  }
}
