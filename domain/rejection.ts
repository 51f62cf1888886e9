/** Every code with which the rules refuse a command. */
export const rejections = [
  // payment
  'paymentExists',
  'paymentNotFound',
  'authorizationPending',
  'paymentDeclined',
  'paymentVoided',
  'paymentExpired',
  'paymentCaptured',
  'operationPending',
  'nothingToCapture',
  'captureExceedsAuthorized',
  'nothingToVoid',
  'incrementNotHigher',
  'nothingToRefund',
  'refundExceedsCaptured',
  'nothingToExpire',
  'notYetExpired',
  'nothingToDispute',
  'disputeExceedsCaptured',
  'disputeExists',
  'disputeNotFound',
  'disputeClosed',
  'operationExists',
  'operationNotFound',
  'operationClosed',
  // payout
  'payoutExists',
  'payoutNotFound',
  'payoutAlreadySent',
  'payoutNotSent',
  'payoutEnded',
  // merchant
  'merchantExists',
  'merchantNotFound',
  'roleNotAllowed',
  'keyExists',
  'keyNotFound',
  'keyRevoked',
  'settlementOutOfOrder',
  'nothingToSettle',
  'insufficientFunds',
  'payoutAlreadyReserved',
  'reservationNotFound',
] as const

/** Why a command is refused by the rules. Stable: clients switch on it. The table in docs/REJECTIONS.md has the precedence. */
export type Rejection = (typeof rejections)[number]
