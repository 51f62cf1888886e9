import { isPayoutEvent } from '../event-types.ts'
import { payoutStream } from '../event.ts'
import type { Rules, Told } from '../judge.ts'
import { present } from '../present.ts'
import type { PayoutCommand } from './command.ts'
import { decidePayout } from './decide.ts'
import type { PayoutEvent } from './event.ts'
import { evolvePayout } from './evolve.ts'
import type { PayoutState } from './state.ts'

/**
 * How a payout's stream is judged. It cannot tell whether the order is that of the merchant's reservation, nor which
 * reference or reason the bank gave.
 */
export const payoutRules: Rules<PayoutState, PayoutEvent> = {
  initialState: undefined,
  evolve: evolvePayout,
  belongs: isPayoutEvent,
  streamOf: ({ data }) => payoutStream(data.payoutId),
  decide: (event, payout) => decidePayout(commandOf(event), payout),
  told: (decided) => decided,
}

/** The command that can have made the event. */
const commandOf = ({ type, data, recordedAt: now }: Told & PayoutEvent): PayoutCommand => {
  switch (type) {
    case 'PayoutRequested':
      return { type: 'requestPayout', now, ...data }
    case 'PayoutSent':
      return { type: 'markSent', now, ...present({ bankReference: data.bankReference }) }
    case 'PayoutSettled':
      return { type: 'markSettled', now }
    case 'PayoutFailed':
      return { type: 'markFailed', now, code: data.code, message: data.message }
    case 'PayoutReturned':
      return { type: 'markReturned', now, code: data.code, message: data.message }
  }
}
