import { anyPayment } from '../gateway/rules.ts'
import { noFees } from '../merchant/fees.ts'
import type { OperationKind, PaymentCommand } from '../payment/command.ts'
import type { PaymentEvent } from '../payment/event.ts'
import { limited, notThisMethod, nothingGoes } from './gateways.ts'
import {
  authorizeCommand,
  authorized,
  captured,
  captureFailed,
  capturing,
  declined,
  disputeOpened,
  disputeWon,
  expired,
  expiresAt,
  incrementing,
  paymentId,
  refunding,
  requested,
  requestedAutomatic,
  secondsLater,
  voided,
  voiding,
} from './payments.ts'
import type { RejectionRow } from './rejections.ts'

const soon = secondsLater(60)
const capture = (amount?: bigint, now = soon): PaymentCommand => ({
  type: 'capture',
  now,
  captureId: 'cap_new',
  final: false,
  ...(amount !== undefined && { amount }),
})
const finalCapture: PaymentCommand = { type: 'capture', now: soon, captureId: 'cap_new', final: true }
const increment = (amount: bigint, now = soon, rules = anyPayment): PaymentCommand => ({
  type: 'increment',
  now,
  incrementId: 'inc_new',
  amount,
  rules,
})
const voidIt: PaymentCommand = { type: 'void', now: soon, voidId: 'vo_new' }
const refund = (amount?: bigint): PaymentCommand => ({
  type: 'refund',
  now: soon,
  refundId: 're_new',
  ...(amount !== undefined && { amount }),
})
const lapse: PaymentCommand = { type: 'expire', now: expiresAt, forced: false }
const lapseEarly: PaymentCommand = { type: 'expire', now: soon, forced: false }
const dispute = (amount?: bigint, disputeId = 'dp_new'): PaymentCommand => ({
  type: 'openDispute',
  now: soon,
  disputeId,
  reason: 'fraud',
  ...(amount !== undefined && { amount }),
})
const win = (disputeId: string): PaymentCommand => ({ type: 'closeDispute', now: soon, disputeId, outcome: 'won' })
const approve = (operation: OperationKind, operationId: string): PaymentCommand => ({
  type: 'recordOutcome',
  now: soon,
  operation,
  operationId,
  outcome: { type: 'approved' },
  fees: noFees,
})

const open = [requested, authorized]
const taken = [...open, capturing('cap_1', 100n), captured('cap_1', 100n)]
const partlyTaken = [...open, capturing('cap_1', 60n), captured('cap_1', 60n)]
const given = [...open, voiding('vo_1', 100n), voided('vo_1', 100n)]
/** 40 voided while 60 were being captured, which then failed: 60 are held. */
const partlyGiven = [
  ...open,
  capturing('cap_1', 60n),
  voiding('vo_1', 40n),
  voided('vo_1', 40n),
  captureFailed('cap_1'),
]

export const paymentRejections: readonly RejectionRow<PaymentEvent, PaymentCommand>[] = [
  { code: 'paymentExists', why: 'an id is used once', given: [requested], when: authorizeCommand },
  {
    code: 'paymentExists',
    over: ['gatewayDisabled', 'methodNotAccepted', 'amountOutsideRules'],
    why: 'whatever the rules',
    given: [requested],
    when: { ...authorizeCommand, amount: 151n, rules: nothingGoes },
  },
  {
    code: 'gatewayDisabled',
    over: ['methodNotAccepted', 'amountOutsideRules'],
    why: 'no new payments',
    given: [],
    when: { ...authorizeCommand, amount: 151n, rules: nothingGoes },
  },
  {
    code: 'methodNotAccepted',
    over: ['amountOutsideRules'],
    why: 'none by this method',
    given: [],
    when: { ...authorizeCommand, amount: 151n, rules: notThisMethod },
  },
  {
    code: 'amountOutsideRules',
    why: 'too little',
    given: [],
    when: { ...authorizeCommand, amount: 49n, rules: limited },
  },
  {
    code: 'amountOutsideRules',
    why: 'too much',
    given: [],
    when: { ...authorizeCommand, amount: 151n, rules: limited },
  },

  { code: 'paymentNotFound', why: 'nothing to capture on', given: [], when: capture() },
  { code: 'paymentNotFound', why: 'nothing to increment', given: [], when: increment(200n) },
  { code: 'paymentNotFound', why: 'nothing to void', given: [], when: voidIt },
  { code: 'paymentNotFound', why: 'nothing to refund', given: [], when: refund() },
  { code: 'paymentNotFound', why: 'nothing to expire', given: [], when: lapse },
  { code: 'paymentNotFound', why: 'nothing to dispute', given: [], when: dispute() },
  { code: 'paymentNotFound', over: ['disputeNotFound'], why: 'no dispute either', given: [], when: win('dp_1') },
  {
    code: 'paymentNotFound',
    over: ['operationNotFound'],
    why: 'nothing was asked',
    given: [],
    when: approve('capture', 'cap_1'),
  },

  {
    code: 'operationExists',
    why: 'a capture’s id is used once',
    given: [...open, capturing('cap_new', 10n)],
    when: capture(),
  },
  {
    code: 'operationExists',
    over: ['paymentVoided'],
    why: 'a failed capture’s id too',
    given: [...open, capturing('cap_new', 10n), captureFailed('cap_new'), voiding('vo_1', 100n), voided('vo_1', 100n)],
    when: capture(),
  },
  {
    code: 'operationExists',
    over: ['operationPending'],
    why: 'an increment’s id is used once',
    given: [...open, incrementing('inc_new', 200n)],
    when: increment(300n),
  },
  {
    code: 'operationExists',
    over: ['operationPending'],
    why: 'a void’s id is used once',
    given: [...open, voiding('vo_new', 100n)],
    when: voidIt,
  },
  {
    code: 'operationExists',
    over: ['nothingToRefund'],
    why: 'a refund’s id is used once',
    given: [...taken, refunding('re_new', 100n)],
    when: refund(),
  },

  { code: 'authorizationPending', why: 'no capture before the outcome is known', given: [requested], when: capture() },
  { code: 'authorizationPending', why: 'no increment', given: [requested], when: increment(200n) },
  { code: 'authorizationPending', why: 'no void', given: [requested], when: voidIt },
  {
    code: 'authorizationPending',
    over: ['nothingToRefund'],
    why: 'no refund',
    given: [requestedAutomatic],
    when: refund(),
  },
  { code: 'authorizationPending', why: 'no expiry, though it is time', given: [requested], when: lapse },
  { code: 'authorizationPending', over: ['nothingToDispute'], why: 'no dispute', given: [requested], when: dispute() },

  { code: 'paymentDeclined', why: 'nothing was authorized', given: [requested, declined], when: capture() },
  { code: 'paymentDeclined', why: 'nothing to increment', given: [requested, declined], when: increment(200n) },
  {
    code: 'paymentDeclined',
    over: ['nothingToVoid'],
    why: 'nothing to void',
    given: [requested, declined],
    when: voidIt,
  },
  {
    code: 'paymentDeclined',
    over: ['nothingToRefund'],
    why: 'nothing to refund',
    given: [requested, declined],
    when: refund(),
  },
  {
    code: 'paymentDeclined',
    over: ['nothingToExpire'],
    why: 'nothing to expire',
    given: [requested, declined],
    when: lapse,
  },
  {
    code: 'paymentDeclined',
    over: ['nothingToDispute'],
    why: 'nothing to dispute',
    given: [requested, declined],
    when: dispute(),
  },

  {
    code: 'paymentVoided',
    over: ['nothingToCapture', 'captureExceedsAuthorized'],
    why: 'all was given back',
    given,
    when: capture(10n),
  },
  { code: 'paymentVoided', over: ['nothingToVoid'], why: 'a void is not repeated', given, when: voidIt },
  {
    code: 'paymentVoided',
    over: ['nothingToExpire', 'notYetExpired'],
    why: 'nothing left to lapse',
    given,
    when: lapseEarly,
  },
  { code: 'paymentVoided', over: ['incrementNotHigher'], why: 'a void ends increments', given, when: increment(50n) },
  {
    code: 'paymentVoided',
    over: ['paymentExpired'],
    why: 'so does the void of a part, lapsed or not',
    given: partlyGiven,
    when: increment(200n, expiresAt),
  },

  {
    code: 'paymentExpired',
    why: 'too late to capture, though expiry is not recorded yet',
    given: open,
    when: capture(10n, expiresAt),
  },
  {
    code: 'paymentExpired',
    over: ['nothingToCapture'],
    why: 'expiry is recorded',
    given: [...open, expired(100n)],
    when: capture(),
  },
  {
    code: 'paymentExpired',
    over: ['operationPending', 'nothingToCapture'],
    why: 'too late, whatever comes of the void',
    given: [...open, voiding('vo_1', 100n)],
    when: capture(undefined, expiresAt),
  },
  {
    code: 'paymentExpired',
    over: ['captureExceedsAuthorized'],
    why: 'too late for the rest',
    given: partlyTaken,
    when: capture(50n, expiresAt),
  },
  {
    code: 'paymentExpired',
    over: ['nothingToVoid'],
    why: 'nothing left to void',
    given: [...open, expired(100n)],
    when: voidIt,
  },
  {
    code: 'paymentExpired',
    over: ['operationPending', 'incrementNotHigher'],
    why: 'too late to increment',
    given: [...open, incrementing('inc_1', 200n)],
    when: increment(50n, expiresAt),
  },
  {
    code: 'paymentExpired',
    over: ['nothingToExpire'],
    why: 'expiry is not repeated',
    given: [...open, expired(100n)],
    when: lapse,
  },

  {
    code: 'paymentCaptured',
    over: ['incrementNotHigher'],
    why: 'a capture ends increments',
    given: partlyTaken,
    when: increment(50n),
  },
  {
    code: 'paymentCaptured',
    over: ['paymentVoided'],
    why: 'so does one that is under way',
    given: [...open, capturing('cap_1', 60n), voiding('vo_1', 40n), voided('vo_1', 40n)],
    when: increment(200n),
  },
  {
    code: 'paymentCaptured',
    over: ['paymentExpired'],
    why: 'lapsed or not',
    given: partlyTaken,
    when: increment(200n, expiresAt),
  },

  {
    code: 'operationPending',
    over: ['nothingToCapture', 'captureExceedsAuthorized'],
    why: 'the void may take all',
    given: [...open, voiding('vo_1', 100n)],
    when: capture(10n),
  },
  {
    code: 'operationPending',
    why: 'how much there is will be known after the increment',
    given: [...open, incrementing('inc_1', 200n)],
    when: capture(150n),
  },
  {
    code: 'operationPending',
    why: 'the final capture under way gives the rest back',
    given: [...open, capturing('cap_1', 60n, true)],
    when: capture(10n),
  },
  {
    code: 'operationPending',
    why: 'a final capture waits for the others',
    given: [...open, capturing('cap_1', 60n)],
    when: finalCapture,
  },
  {
    code: 'operationPending',
    over: ['nothingToVoid'],
    why: 'one void at a time',
    given: [...open, voiding('vo_1', 100n)],
    when: voidIt,
  },
  {
    code: 'operationPending',
    why: 'the final capture gives the rest back itself',
    given: [...open, capturing('cap_1', 60n, true)],
    when: voidIt,
  },
  {
    code: 'operationPending',
    over: ['incrementNotHigher'],
    why: 'one increment at a time',
    given: [...open, incrementing('inc_1', 200n)],
    when: increment(50n),
  },
  {
    code: 'operationPending',
    over: ['notYetExpired'],
    why: 'what lapses is known after the capture',
    given: [...open, capturing('cap_1', 60n)],
    when: lapseEarly,
  },
  { code: 'operationPending', why: 'though it is time', given: [...open, voiding('vo_1', 100n)], when: lapse },

  {
    code: 'nothingToCapture',
    over: ['captureExceedsAuthorized'],
    why: 'all is taken',
    given: taken,
    when: capture(10n),
  },
  {
    code: 'nothingToCapture',
    why: 'all is taken, and so nothing lapsed',
    given: taken,
    when: capture(undefined, expiresAt),
  },
  { code: 'nothingToCapture', why: 'all is being taken', given: [...open, capturing('cap_1', 100n)], when: capture() },
  { code: 'captureExceedsAuthorized', why: '41 of the 40 left', given: partlyTaken, when: capture(41n) },
  {
    code: 'captureExceedsAuthorized',
    why: 'pending counts',
    given: [...open, capturing('cap_1', 60n)],
    when: capture(41n),
  },

  { code: 'nothingToVoid', why: 'all is taken', given: taken, when: voidIt },
  { code: 'nothingToVoid', why: 'all is being taken', given: [...open, capturing('cap_1', 100n)], when: voidIt },
  { code: 'incrementNotHigher', why: 'the total it has already', given: open, when: increment(100n) },
  {
    code: 'incrementNotHigher',
    over: ['gatewayDisabled', 'methodNotAccepted', 'amountOutsideRules'],
    why: 'whatever the rules',
    given: open,
    when: increment(49n, soon, nothingGoes),
  },
  {
    code: 'gatewayDisabled',
    over: ['methodNotAccepted', 'amountOutsideRules'],
    why: 'no more of a payment either',
    given: open,
    when: increment(151n, soon, nothingGoes),
  },
  {
    code: 'methodNotAccepted',
    over: ['amountOutsideRules'],
    why: 'no more by this method',
    given: open,
    when: increment(151n, soon, notThisMethod),
  },
  {
    code: 'amountOutsideRules',
    why: 'the new total is too much',
    given: open,
    when: increment(151n, soon, limited),
  },

  { code: 'nothingToRefund', why: 'nothing was taken', given: open, when: refund() },
  {
    code: 'nothingToRefund',
    over: ['refundExceedsCaptured'],
    why: 'pending counts',
    given: [...taken, refunding('re_1', 100n)],
    when: refund(1n),
  },
  {
    code: 'nothingToRefund',
    why: 'all of it is disputed',
    given: [...taken, disputeOpened('dp_1', 100n)],
    when: refund(),
  },
  { code: 'refundExceedsCaptured', why: '101 of 100', given: taken, when: refund(101n) },
  {
    code: 'refundExceedsCaptured',
    why: 'pending counts',
    given: [...taken, refunding('re_1', 60n)],
    when: refund(41n),
  },
  {
    code: 'refundExceedsCaptured',
    why: 'disputes count',
    given: [...taken, disputeOpened('dp_1', 60n)],
    when: refund(41n),
  },

  { code: 'nothingToExpire', over: ['notYetExpired'], why: 'all is taken', given: taken, when: lapseEarly },
  {
    code: 'notYetExpired',
    why: 'a millisecond too early',
    given: open,
    when: { ...lapse, now: '2026-01-07T23:59:59.999Z' },
  },

  {
    code: 'disputeExists',
    over: ['nothingToDispute'],
    why: 'a dispute’s id is used once',
    given: [...taken, disputeOpened('dp_1', 100n)],
    when: dispute(10n, 'dp_1'),
  },
  { code: 'nothingToDispute', why: 'nothing was taken', given: open, when: dispute() },
  {
    code: 'nothingToDispute',
    over: ['disputeExceedsCaptured'],
    why: 'all of it is disputed',
    given: [...taken, disputeOpened('dp_1', 100n)],
    when: dispute(10n),
  },
  {
    code: 'disputeExceedsCaptured',
    why: '41 of the 40 left',
    given: [...taken, disputeOpened('dp_1', 60n)],
    when: dispute(41n),
  },
  { code: 'disputeNotFound', why: 'no such dispute', given: taken, when: win('dp_1') },
  {
    code: 'disputeClosed',
    why: 'it was won',
    given: [...taken, disputeOpened('dp_1', 60n), disputeWon('dp_1', 60n)],
    when: win('dp_1'),
  },

  { code: 'operationNotFound', why: 'no such capture', given: open, when: approve('capture', 'cap_1') },
  {
    code: 'operationNotFound',
    why: 'another payment’s authorization',
    given: [requested],
    when: approve('authorization', 'pay_2'),
  },
  {
    code: 'operationNotFound',
    why: 'a capture is no refund',
    given: [...open, capturing('cap_1', 60n)],
    when: approve('refund', 'cap_1'),
  },
  {
    code: 'operationClosed',
    why: 'the authorization’s outcome is known',
    given: open,
    when: approve('authorization', paymentId),
  },
  {
    code: 'operationClosed',
    why: 'the capture’s outcome is known',
    given: partlyTaken,
    when: approve('capture', 'cap_1'),
  },
]
