import type { Rejection } from '../domain/rejection.ts'
import { Problem } from '../http/problem.ts'

/** The problem that a refusal by the rules is answered with: 404 for what is not there, otherwise 422, and its code. */
export const refusal = (rejection: Rejection): Problem =>
  new Problem(absences.has(rejection) ? 404 : 422, rejection, sentences[rejection])

const absences: ReadonlySet<Rejection> = new Set([
  'paymentNotFound',
  'disputeNotFound',
  'payoutNotFound',
  'merchantNotFound',
  'keyNotFound',
])

const sentences: Readonly<Record<Rejection, string>> = {
  paymentExists: 'The payment is there already',
  paymentNotFound: 'There is no such payment',
  authorizationPending: 'Whether the payment is authorized is not known yet',
  paymentDeclined: 'The payment was declined',
  paymentVoided: 'The payment was voided',
  paymentExpired: 'The authorization has lapsed',
  paymentCaptured: 'The payment is captured, at least in part',
  operationPending: 'Another operation on the payment has no outcome yet',
  nothingToCapture: 'Nothing is left to capture',
  captureExceedsAuthorized: 'The capture is more than what is left of the authorization',
  nothingToVoid: 'Nothing is left to void',
  incrementNotHigher: 'The new total must be more than what is authorized',
  nothingToRefund: 'Nothing is left to refund',
  refundExceedsCaptured: 'The refund is more than what is captured and neither refunded nor disputed',
  nothingToExpire: 'Nothing is left that could lapse',
  notYetExpired: 'The authorization has not lapsed yet',
  nothingToDispute: 'Nothing is left to dispute',
  disputeExceedsCaptured: 'The dispute is more than what is captured and not disputed',
  disputeExists: 'The dispute is there already',
  disputeNotFound: 'The payment has no such dispute',
  disputeClosed: 'The dispute is decided already',
  operationExists: 'The operation is there already',
  operationNotFound: 'The payment has no such operation',
  operationClosed: 'The operation has its outcome already',
  gatewayDisabled: 'The gateway takes no new payments',
  methodNotAccepted: 'The gateway takes no payments by this method',
  amountOutsideRules: 'The amount is not within what the gateway takes by this method in this currency',
  payoutExists: 'The payout is there already',
  payoutNotFound: 'There is no such payout',
  payoutAlreadySent: 'The payout was sent already',
  payoutNotSent: 'The payout was not sent yet',
  payoutEnded: 'The payout has ended already',
  merchantExists: 'The merchant is there already',
  merchantNotFound: 'There is no such merchant',
  roleNotAllowed: 'Keys of this role cannot be issued here',
  keyExists: 'The key is there already',
  keyNotFound: 'There is no such key',
  keyRevoked: 'The key was revoked already',
  settlementOutOfOrder: 'The settlement does not begin where the last one ended',
  nothingToSettle: 'Nothing is left to settle',
  insufficientFunds: 'The available balance is less than the amount',
  payoutAlreadyReserved: 'The payout has its reservation already',
  reservationNotFound: 'There is no reservation for the payout',
}
