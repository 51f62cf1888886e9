import type { MethodRulesBody } from '../../domain/gateway/request.ts'
import type { Limit } from '../../domain/gateway/rules.ts'
import { largestAmount } from '../../domain/money.ts'
import type { Fault } from '../../http/problem.ts'
import { invalidRequest } from '../../http/validate.ts'

type Given = NonNullable<MethodRulesBody['limits']>

/** Limits as they were sent; an end that is left out is at the least or the most that a command may name. Throws 400 `invalidRequest`. */
export const limitsOf = (given: Given, isCurrency: (code: string) => boolean): readonly Limit[] => {
  const limits = given.map(({ currency, minAmount = 1, maxAmount = largestAmount }) => ({
    currency,
    minAmount: BigInt(minAmount),
    maxAmount: BigInt(maxAmount),
  }))
  const faults = limits.flatMap(({ currency, minAmount, maxAmount }, index): Fault[] => [
    ...(isCurrency(currency) ? [] : [fault(index, 'currency', 'must be a currency of ISO 4217')]),
    ...(limits.findIndex((each) => each.currency === currency) === index
      ? []
      : [fault(index, 'currency', 'must not be there twice')]),
    ...(minAmount <= maxAmount ? [] : [fault(index, 'maxAmount', 'must not be less than minAmount')]),
  ])
  if (faults.length > 0) throw invalidRequest(faults)
  return limits
}

const fault = (index: number, field: string, detail: string): Fault => ({
  pointer: `/limits/${index}/${field}`,
  detail,
})
