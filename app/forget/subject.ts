import { paymentStream, payoutStream } from '../../domain/event.ts'
import type { Subject } from '../../domain/merchant/event.ts'
import type { EventStore } from '../../command-side/event-store.ts'
import { merchantOrHouse } from '../keys/owner.ts'
import { StartError } from '../start-error.ts'

/** As the command line has it. */
export type SubjectOptions = { readonly merchant?: string; readonly payment?: string; readonly payout?: string }

type Whose = { readonly merchantId: string; readonly subject: Subject }

const transaction = async (
  store: Pick<EventStore, 'readStream'>,
  type: 'payment' | 'payout',
  id: string,
  merchant: string | undefined,
): Promise<Whose> => {
  const stream = type === 'payment' ? paymentStream(id) : payoutStream(id)
  const [first] = await store.readStream(stream, 0, 1)
  const whose = first?.metadata.merchantId
  if (whose === undefined) throw new StartError(`there is no ${type} ${id}`)
  if (merchant !== undefined && merchant !== whose) throw new StartError(`${type} ${id} is not of merchant ${merchant}`)
  return { merchantId: whose, subject: { type, id } }
}

/** Who is to be forgotten: one customer of a merchant, one payment or one payout. Throws a `StartError`. */
export const subjectIn = async (
  store: Pick<EventStore, 'readStream'>,
  customer: string | undefined,
  { merchant, payment, payout }: SubjectOptions,
): Promise<Whose> => {
  const given = [customer, payment, payout].filter((each) => each !== undefined)
  if (given.length !== 1) throw new StartError('name one: a customer, --payment ID or --payout ID')
  if (payment !== undefined) return transaction(store, 'payment', payment, merchant)
  if (payout !== undefined) return transaction(store, 'payout', payout, merchant)
  if (merchant === undefined) throw new StartError('a customer is one of a merchant: --merchant ID')
  return { merchantId: merchantOrHouse(merchant), subject: { type: 'customer', id: customer ?? '' } }
}
