import { checkIdempotencyKey } from '../../http/idempotency-key.ts'
import { malformedJson, parseJson } from '../../http/parse-json.ts'
import { Problem } from '../../http/problem.ts'
import { invalidRequest } from '../../http/validate.ts'
import type { Answer } from '../answer.ts'
import type { MakeAuthorizeCall } from '../payments/authorize-call.ts'
import { changeCall } from '../payments/change-call.ts'
import type { Payments } from '../payments/handle.ts'
import type { MakePayoutCall } from '../payouts/payout-call.ts'
import type { Payouts } from '../payouts/payouts.ts'
import type { Sender } from '../sender.ts'
import type { Line } from './lines.ts'

/** A line's command: what it is about, and how to do it. Commands about the same thing are done one after another. */
export type Work = { readonly about: string; readonly run: () => Promise<Answer> }

/** The longest line there may be, as long as the body of a single command. */
export const maxLineBytes = 65_536

export type Commands = {
  readonly payments: Payments
  readonly authorizeCall: MakeAuthorizeCall
  readonly payouts: Pick<Payouts, 'request'>
  readonly payoutCall: MakePayoutCall
}

/** Makes out what a line wants; throws the `Problem` that the same command would get alone. */
export const prepare = (
  { payments, authorizeCall, payouts, payoutCall }: Commands,
  line: Line,
  sender: Sender,
): Work => {
  const { type, idempotencyKey, ...rest } = fieldsOf(line)
  const key = (): string => checkIdempotencyKey(idempotencyKey, '/idempotencyKey')
  switch (type) {
    case 'authorize': {
      const call = authorizeCall(rest, key, sender)
      return { about: call.paymentId, run: () => payments.authorize(call) }
    }
    case 'capture':
    case 'void':
    case 'increment':
    case 'refund': {
      const { paymentId, ...body } = rest
      if (typeof paymentId !== 'string') throw invalidRequest([{ pointer: '/paymentId', detail: 'must be a payment' }])
      const call = changeCall({ type, body, paymentId, key }, sender)
      return { about: paymentId, run: () => payments.change(call) }
    }
    case 'payout': {
      const call = payoutCall(rest, key, sender)
      return { about: call.payoutId, run: () => payouts.request(call) }
    }
    default:
      throw invalidRequest([
        { pointer: '/type', detail: 'must be authorize, capture, void, increment, refund or payout' },
      ])
  }
}

const fieldsOf = (line: Line): Readonly<Record<string, unknown>> => {
  if (line.type === 'tooLong') throw new Problem(413, 'bodyTooLarge', `A line may have ${maxLineBytes} bytes at most`)
  if (line.type === 'notUtf8') throw malformedJson('The line is not valid UTF-8')
  const value = parseJson(line.text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw invalidRequest([{ pointer: '', detail: 'must be an object' }])
}
