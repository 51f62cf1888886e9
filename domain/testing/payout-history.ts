import fc from 'fast-check'
import type { Told } from '../judge.ts'
import type { PayoutCommand } from '../payout/command.ts'
import { decidePayout } from '../payout/decide.ts'
import type { PayoutEvent } from '../payout/event.ts'
import { evolvePayout } from '../payout/evolve.ts'
import type { PayoutState } from '../payout/state.ts'
import { secondsLater } from './payments.ts'
import { bankFailure, requestPayoutCommand } from './payouts.ts'

const commandArbitrary: fc.Arbitrary<PayoutCommand> = fc
  .constantFrom('markSent', 'markSettled', 'markFailed', 'markReturned', 'markReturned')
  .map((type) => ({ type, now: '', bankReference: 'utr 1', ...bankFailure }))

const play = (commands: readonly PayoutCommand[]): readonly (Told & PayoutEvent)[] => {
  const events: (Told & PayoutEvent)[] = []
  let payout: PayoutState
  for (const [index, command] of [requestPayoutCommand, ...commands].entries()) {
    const decision = decidePayout(command, payout)
    if (decision.type === 'rejected') continue
    for (const event of decision.events) {
      const told = { ...event, recordedAt: secondsLater(index), metadata: { merchantId: event.data.merchantId } }
      payout = evolvePayout(payout, told)
      events.push(told)
    }
  }
  return events
}

/** What became of payouts when the bank said some things, in any order. */
export const payoutHistories = fc.array(commandArbitrary, { maxLength: 8 }).map(play)
