import type { RecordedEvent } from '../../domain/event.ts'
import type { Unsettled } from '../../domain/merchant/command.ts'
import type { Merchant } from '../../domain/merchant/state.ts'
import { sequenceIn, start } from '../../domain/position.ts'
import { postings } from '../../domain/postings.ts'

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

/** What a merchant has unsettled at the end of a log, by currency, from the events themselves. */
export const unsettledIn = (log: readonly RecordedEvent[], merchant: Merchant): readonly Unsettled[] => {
  const ours = log.filter(({ metadata, type }) => metadata.merchantId === merchant.id && type !== 'SettlementRecorded')
  const lines = ours.flatMap((event) =>
    postings(event)
      .filter(({ account, layer }) => account === 'merchantPending' && layer === 'posted')
      .map((posting) => ({ event, ...posting })),
  )
  return [...new Set(lines.map(({ currency }) => currency))].flatMap((currency) => {
    const from = merchant.settledTo.get(currency) ?? start
    const open = lines.filter((line) => line.currency === currency && line.event.sequence > sequenceIn(from, 0))
    if (open.length === 0) return []
    const ofType = (...types: readonly string[]) => open.filter(({ event }) => types.includes(event.type))
    const amounts = (those: typeof open) => sum(those.map(({ amount }) => amount))
    const captures = ofType('PaymentCaptured')
    return [
      {
        merchantId: merchant.id,
        currency,
        gross: -amounts(captures.filter(({ amount }) => amount < 0n)),
        refunds: amounts(ofType('PaymentRefunded')),
        disputes: amounts(ofType('PaymentDisputeOpened', 'PaymentDisputeWon')),
        fees: amounts(captures.filter(({ amount }) => amount > 0n)),
        payments: new Set(open.map(({ event }) => event.stream)).size,
        from,
        to: String(log.at(-1)?.sequence ?? 0),
      },
    ]
  })
}
