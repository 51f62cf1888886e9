import type { PayoutCommand } from '../../domain/payout/command.ts'
import { FailureBody, failureOf, returnOf, SentBody, SettledBody } from '../../domain/payout/request.ts'
import { present } from '../../domain/present.ts'
import { validator } from '../../http/validate.ts'

/** Checks a body (400 `invalidRequest`) and makes the command that it asks for. */
type Move = (given: unknown) => { readonly body: object; readonly command: (now: string) => PayoutCommand }

const checkSent = validator(SentBody)
const checkSettled = validator(SettledBody)
const checkFailure = validator(FailureBody)

/** What can become of a payout, by the last part of its path. */
export const moves = {
  sent: (given) => {
    const body: SentBody = checkSent(given)
    return { body, command: (now) => ({ type: 'markSent', now, ...present(body) }) }
  },
  settled: (given) => {
    const body: SettledBody = checkSettled(given)
    return { body, command: (now) => ({ type: 'markSettled', now }) }
  },
  failed: (given) => {
    const body: FailureBody = checkFailure(given)
    return { body, command: (now) => ({ type: 'markFailed', now, ...failureOf(body) }) }
  },
  returned: (given) => {
    const body: FailureBody = checkFailure(given)
    return { body, command: (now) => ({ type: 'markReturned', now, ...returnOf(body) }) }
  },
} as const satisfies Record<string, Move>
