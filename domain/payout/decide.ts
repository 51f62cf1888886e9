import { accept, type Decision, reject } from '../decider.ts'
import { present } from '../present.ts'
import type { PayoutCommand, RequestPayout } from './command.ts'
import type { PayoutEvent } from './event.ts'
import type { Payout, PayoutState } from './state.ts'

/** What a command does to a payout, or why it does nothing. docs/REJECTIONS.md has the order in which rules are asked. */
export const decidePayout = (command: PayoutCommand, state: PayoutState): Decision<PayoutEvent> => {
  if (command.type === 'requestPayout') return state === undefined ? request(command) : reject('payoutExists')
  if (state === undefined) return reject('payoutNotFound')
  // A settled payout has ended, but for one thing: the bank may still send it back.
  if (state.status === 'failed' || state.status === 'returned') return reject('payoutEnded')
  if (state.status === 'settled' && command.type !== 'markReturned') return reject('payoutEnded')

  const data = common(state)
  switch (command.type) {
    case 'markSent':
      if (state.status === 'sent') return reject('payoutAlreadySent')
      return accept({ type: 'PayoutSent', data: { ...data, ...present({ bankReference: command.bankReference }) } })
    case 'markSettled':
      if (state.status === 'requested') return reject('payoutNotSent')
      return accept({ type: 'PayoutSettled', data })
    case 'markFailed':
      return accept({ type: 'PayoutFailed', data: { ...data, code: command.code, message: command.message } })
    case 'markReturned': {
      if (state.status === 'requested') return reject('payoutNotSent')
      const settled = state.status === 'settled'
      return accept({
        type: 'PayoutReturned',
        data: { ...data, code: command.code, message: command.message, settled },
      })
    }
  }
}

const common = (payout: Payout) => ({
  payoutId: payout.id,
  merchantId: payout.merchantId,
  amount: payout.amount,
  currency: payout.currency,
})

const request = (command: RequestPayout): Decision<PayoutEvent> =>
  accept({
    type: 'PayoutRequested',
    data: {
      payoutId: command.payoutId,
      merchantId: command.merchantId,
      amount: command.amount,
      currency: command.currency,
      destination: command.destination,
      bank: command.bank,
      ...present({ reference: command.reference, metadata: command.metadata }),
    },
  })
