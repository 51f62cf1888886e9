import type { GatewayOperation } from '../../command-side/gateway.ts'
import type { OperationKind } from '../../domain/payment/command.ts'
import type { Decline } from '../../domain/payment/event.ts'
import type { ShownMethod } from '../../domain/payment/method.ts'

/** What the sandbox does with one operation. */
export type Behaviour = {
  /** Whether the caller ever hears of it. */
  readonly answers: boolean
  /** Whether a later lookup finds it. */
  readonly received: boolean
  readonly delayMs: number
  /** Absent when approved. */
  readonly decline?: Decline
}

const approve: Behaviour = { answers: true, received: true, delayMs: 0 }

/** The first instruction in the method's test token that is meant for the operation; approval when none is. */
export const behaviourOf = ({ operation, method }: GatewayOperation): Behaviour => {
  const token = testTokenOf(method)
  if (token === undefined) return approve
  for (const instruction of token.split('.')) {
    const words = instruction.split('-')
    const named = operations.get(words[0] ?? '')
    if ((named ?? 'authorization') !== operation) continue
    const behaviour = parse(named === undefined ? words : words.slice(1))
    if (behaviour !== undefined) return behaviour
  }
  return approve
}

/** Where a method carries its instructions; one that was forgotten has none. */
const testTokenOf = (method: ShownMethod): string | undefined =>
  method.type === 'upi' ? method.vpa?.slice(0, method.vpa.indexOf('@')) : method.token

const operations: ReadonlyMap<string, OperationKind> = new Map([
  ['authorize', 'authorization'],
  ['capture', 'capture'],
  ['increment', 'increment'],
  ['void', 'void'],
  ['refund', 'refund'],
])

const parse = ([behaviour = '', argument, ...rest]: readonly string[]): Behaviour | undefined => {
  switch (behaviour) {
    case 'approve':
      return approve
    case 'decline':
      return { ...approve, decline: declineOf(argument) }
    case 'timeout':
      return argument === 'decline'
        ? { ...approve, answers: false, decline: declineOf(rest[0]) }
        : { ...approve, answers: false }
    case 'lost':
      return { ...approve, answers: false, received: false }
    case 'slow':
      return { ...approve, delayMs: millisecondsOf(argument) }
    default:
      return undefined
  }
}

const messages: ReadonlyMap<string, string> = new Map([
  ['insufficientFunds', 'The account does not hold enough'],
  ['expiredCard', 'The card has expired'],
  ['doNotHonor', 'The bank said no and did not say why'],
  ['authenticationFailed', 'The payer could not be authenticated'],
  ['limitExceeded', 'The amount is over the limit of the account'],
])

const declineOf = (code: string | undefined): Decline =>
  code !== undefined && /^[A-Za-z0-9]{1,40}$/.test(code)
    ? { code, message: messages.get(code) ?? 'Declined by the sandbox' }
    : { code: 'declined', message: 'Declined by the sandbox' }

const millisecondsOf = (argument: string | undefined): number =>
  argument !== undefined && /^\d{1,6}$/.test(argument) ? Number(argument) : 1_000
