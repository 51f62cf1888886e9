import type { PayoutCommand } from '../payout/command.ts'
import type { PayoutEvent } from '../payout/event.ts'
import { secondsLater } from './payments.ts'
import {
  bankFailure,
  payoutFailed,
  payoutRequested,
  payoutReturned,
  payoutSent,
  payoutSettled,
  requestPayoutCommand,
} from './payouts.ts'
import type { RejectionRow } from './rejections.ts'

const now = secondsLater(60)
const send: PayoutCommand = { type: 'markSent', now }
const settle: PayoutCommand = { type: 'markSettled', now }
const fail: PayoutCommand = { type: 'markFailed', now, ...bankFailure }
const giveBack: PayoutCommand = { type: 'markReturned', now, ...bankFailure }

const sent = [payoutRequested, payoutSent]
const settled = [...sent, payoutSettled]

export const payoutRejections: readonly RejectionRow<PayoutEvent, PayoutCommand>[] = [
  { code: 'payoutExists', why: 'an id is used once', given: [payoutRequested], when: requestPayoutCommand },
  { code: 'payoutNotFound', why: 'nothing to send', given: [], when: send },
  { code: 'payoutNotFound', over: ['payoutNotSent'], why: 'nothing to settle', given: [], when: settle },
  { code: 'payoutNotFound', why: 'nothing to fail', given: [], when: fail },
  { code: 'payoutNotFound', over: ['payoutNotSent'], why: 'nothing to return', given: [], when: giveBack },
  { code: 'payoutEnded', over: ['payoutAlreadySent'], why: 'it was settled', given: settled, when: send },
  { code: 'payoutEnded', why: 'it was settled already', given: settled, when: settle },
  { code: 'payoutEnded', why: 'what is settled can only be returned', given: settled, when: fail },
  {
    code: 'payoutEnded',
    over: ['payoutNotSent'],
    why: 'it failed before',
    given: [payoutRequested, payoutFailed],
    when: settle,
  },
  {
    code: 'payoutEnded',
    over: ['payoutNotSent'],
    why: 'it failed',
    given: [payoutRequested, payoutFailed],
    when: giveBack,
  },
  { code: 'payoutEnded', why: 'it came back already', given: [...sent, payoutReturned(false)], when: giveBack },
  { code: 'payoutAlreadySent', why: 'it is sent once', given: sent, when: send },
  { code: 'payoutNotSent', why: 'what was not sent can’t arrive', given: [payoutRequested], when: settle },
  { code: 'payoutNotSent', why: 'what was not sent can’t come back', given: [payoutRequested], when: giveBack },
]
