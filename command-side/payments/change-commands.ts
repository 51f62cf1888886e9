import type { PaymentRules } from '../../domain/gateway/rules.ts'
import type { PaymentCommand } from '../../domain/payment/command.ts'
import {
  CaptureBody,
  CloseDisputeBody,
  DisputeBody,
  ExpireBody,
  IncrementBody,
  RefundBody,
  VoidBody,
} from '../../domain/payment/request.ts'
import { present } from '../../domain/present.ts'
import { validator } from '../../http/validate.ts'
import { idOf } from '../uuid.ts'

export type ChangeType =
  | 'capture'
  | 'void'
  | 'increment'
  | 'refund'
  | 'expire'
  | 'openDispute'
  | 'winDispute'
  | 'loseDispute'

/** What a change is about; what it begins within the payment gets its id from the client's `key`. */
export type Target = { readonly paymentId: string; readonly disputeId: string; readonly key: string }

/** A body that is checked, and the command that it asks for. `now` is ISO 8601, UTC, milliseconds. */
export type Change = {
  readonly body: object
  readonly command: (now: string, target: Target, rules: PaymentRules) => PaymentCommand
}

const checkCapture = validator(CaptureBody)
const checkVoid = validator(VoidBody)
const checkIncrement = validator(IncrementBody)
const checkRefund = validator(RefundBody)
const checkExpire = validator(ExpireBody)
const checkDispute = validator(DisputeBody)
const checkCloseDispute = validator(CloseDisputeBody)

/** Everything that can be asked of a payment that is there; throws 400 `invalidRequest` for a body that does not fit. */
export const changes: Readonly<Record<ChangeType, (given: unknown) => Change>> = {
  capture: (given) => {
    const body: CaptureBody = checkCapture(given)
    const { final = false } = body
    const optional = present({ amount: minorUnits(body.amount) })
    return {
      body,
      command: (now, { paymentId, key }) => ({
        type: 'capture',
        now,
        captureId: idOf('cap', paymentId, key),
        final,
        ...optional,
      }),
    }
  },
  void: (given) => ({
    body: checkVoid(given),
    command: (now, { paymentId, key }) => ({ type: 'void', now, voidId: idOf('vo', paymentId, key) }),
  }),
  increment: (given) => {
    const body: IncrementBody = checkIncrement(given)
    const amount = BigInt(body.amount)
    return {
      body,
      command: (now, { paymentId, key }, rules) => ({
        type: 'increment',
        now,
        incrementId: idOf('inc', paymentId, key),
        amount,
        rules,
      }),
    }
  },
  refund: (given) => {
    const body: RefundBody = checkRefund(given)
    const optional = present({ amount: minorUnits(body.amount), reason: body.reason })
    return {
      body,
      command: (now, { paymentId, key }) => ({
        type: 'refund',
        now,
        refundId: idOf('re', paymentId, key),
        ...optional,
      }),
    }
  },
  expire: (given) => ({
    body: checkExpire(given),
    command: (now) => ({ type: 'expire', now, forced: true }),
  }),
  openDispute: (given) => {
    const body: DisputeBody = checkDispute(given)
    const { reason } = body
    const optional = present({ amount: minorUnits(body.amount), reference: body.reference })
    return {
      body,
      command: (now, { paymentId, key }) => ({
        type: 'openDispute',
        now,
        disputeId: idOf('dp', paymentId, key),
        reason,
        ...optional,
      }),
    }
  },
  winDispute: (given) => ({
    body: checkCloseDispute(given),
    command: (now, { disputeId }) => ({ type: 'closeDispute', now, disputeId, outcome: 'won' }),
  }),
  loseDispute: (given) => ({
    body: checkCloseDispute(given),
    command: (now, { disputeId }) => ({ type: 'closeDispute', now, disputeId, outcome: 'lost' }),
  }),
}

const minorUnits = (amount: number | undefined): bigint | undefined =>
  amount === undefined ? undefined : BigInt(amount)
