import { problemBody } from '../../http/problem-response.ts'
import { Problem } from '../../http/problem.ts'
import { operations } from './operations.ts'
import { problems } from './problems.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

const members: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  gatewayDeclined: { decline: { code: 'insufficientFunds', message: 'The account has not enough money' } },
}

const example = (code: string): unknown => {
  const { status, means } = problems[code] ?? { status: 500, means: '' }
  return problemBody(new Problem(status, code, means, { members: members[code] ?? {} }), traceId)
}

const common = ['unauthenticated', 'forbidden', 'rateLimited', 'internalError']

/** What each problem looks like that an operation may be answered with, by its code. */
export const problemExamples: Readonly<Record<string, { readonly value: unknown }>> = Object.fromEntries(
  [...new Set([...common, ...operations.flatMap((operation) => operation.problems)])]
    .sort()
    .map((code) => [code, { value: example(code) }]),
)
