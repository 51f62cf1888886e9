import { type Decision, reject } from '../decider.ts'
import { authorize } from './authorize.ts'
import { capture } from './capture.ts'
import type { PaymentCommand } from './command.ts'
import { closeDispute, openDispute } from './dispute.ts'
import type { PaymentEvent } from './event.ts'
import { expire } from './expire.ts'
import { increment } from './increment.ts'
import { recordOutcome } from './record-outcome.ts'
import { refund } from './refund.ts'
import type { PaymentState } from './state.ts'
import { voidPayment } from './void.ts'

/** What a command does to a payment, or why it does nothing. docs/REJECTIONS.md has the order in which rules are asked. */
export const decidePayment = (command: PaymentCommand, state: PaymentState): Decision<PaymentEvent> => {
  if (command.type === 'authorize') return state === undefined ? authorize(command) : reject('paymentExists')
  if (state === undefined) return reject('paymentNotFound')
  switch (command.type) {
    case 'capture':
      return capture(command, state)
    case 'increment':
      return increment(command, state)
    case 'void':
      return voidPayment(command, state)
    case 'refund':
      return refund(command, state)
    case 'expire':
      return expire(command, state)
    case 'openDispute':
      return openDispute(command, state)
    case 'closeDispute':
      return closeDispute(command, state)
    case 'recordOutcome':
      return recordOutcome(command, state)
  }
}
