import { setImmediate as turn } from 'node:timers/promises'
import { merchantStream, paymentStream, payoutStream, type RecordedEvent } from '../../domain/event.ts'
import type { Subject } from '../../domain/merchant/event.ts'
import { type Position, reached, start } from '../../domain/position.ts'
import type { EventStore } from '../event-store.ts'
import type { MerchantStates } from '../merchants/merchant-states.ts'

/** An event of which this version knows neither type nor content. */
export type Unreadable = { readonly unreadable: string }

/** Events of a log after `from`, at most `limit`, and how far it has been read with them; none at the head. */
export type ReadLog = (
  from: Position,
  limit: number,
) => Promise<{ readonly events: readonly (RecordedEvent | Unreadable)[]; readonly position: Position }>

/** Some of the events in which a subject's data may be, and how far the log has been read with them. */
export type Page = { readonly events: readonly (RecordedEvent | Unreadable)[]; readonly position: Position }

export type Source = {
  readonly store: Pick<EventStore, 'readStream' | 'head'>
  readonly merchants: MerchantStates
  readonly readLog: ReadLog
}

const pageSize = 1_000

/** The whole log, up to where it is now. Those who wait for answers have their turn between two pages. */
async function* wholeLog({ store, readLog }: Source): AsyncGenerator<Page> {
  const head = await store.head()
  let position = start
  while (!reached(position, head)) {
    const page = await readLog(position, pageSize)
    yield page
    position = page.position
    await turn()
  }
}

async function* one(events: readonly RecordedEvent[], { store }: Source): AsyncGenerator<Page> {
  yield { events, position: await store.head() }
}

/** The payout's own events, and the reservation in its merchant's stream. */
const ofPayout = async ({ store, merchants }: Source, merchantId: string, id: string) => {
  const reservation = (await merchants(merchantId)).reservations.get(id)
  const reserved =
    reservation === undefined ? [] : await store.readStream(merchantStream(merchantId), reservation.revision, 1)
  return [...reserved, ...(await store.readStream(payoutStream(id)))]
}

/** All events in which a subject's personal data is: a customer's may be anywhere. They are as they are stored. */
export async function* eventsOf(source: Source, merchantId: string, { type, id }: Subject): AsyncGenerator<Page> {
  switch (type) {
    case 'customer':
      return yield* wholeLog(source)
    case 'payment':
      return yield* one(await source.store.readStream(paymentStream(id)), source)
    case 'payout':
      return yield* one(await ofPayout(source, merchantId, id), source)
  }
}
