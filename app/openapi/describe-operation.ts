import type { TObject, TSchema } from 'typebox'
import type { Answer, Body, Operation } from './operation.ts'
import { problems } from './problems.ts'
import type { SchemaName } from './schemas.ts'

export type Json = Readonly<Record<string, unknown>>

const reference = (name: SchemaName): Json => ({ $ref: `#/components/schemas/${name}` })

const content = (mediaType: string, schema: Json, examples: Readonly<Record<string, unknown>> = {}): Json => {
  const named = Object.entries(examples).map(([name, value]) => [name, { value }] as const)
  return { [mediaType]: { schema, ...(named.length === 0 ? {} : { examples: Object.fromEntries(named) }) } }
}

const headersOf = (names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

const usual = ['traceparent'] as const
const limited = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', ...usual] as const

const answer = (
  { says, schema, mediaType = 'application/json', headers = [], examples }: Answer,
  secured: boolean,
): Json => ({
  description: says,
  headers: headersOf([...headers, ...(secured ? limited : usual)]),
  ...(schema === undefined ? {} : { content: content(mediaType, reference(schema), examples) }),
})

const headersByStatus: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  409: ['Retry-After'],
  412: ['ETag'],
  429: ['Retry-After'],
  503: ['Retry-After'],
}

const problemAnswer = (status: number, codes: readonly string[]): Json => ({
  description: codes.map((code) => `\`${code}\`: ${problems[code]?.means ?? ''}`).join('\n\n'),
  headers: headersOf([...(headersByStatus[status] ?? []), ...limited]),
  content: {
    'application/problem+json': {
      schema: reference('Problem'),
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
})

const problemAnswers = (codes: readonly string[]): Json => {
  const byStatus = new Map<number, string[]>()
  for (const code of codes) {
    const { status } = problems[code] ?? { status: 500 }
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries([...byStatus].map(([status, those]) => [status, problemAnswer(status, those)]))
}

const secured = ['unauthenticated', 'forbidden', 'rateLimited', 'internalError'] as const

const queryParameters = (query: TObject): readonly Json[] =>
  Object.entries(query.properties as Readonly<Record<string, TSchema>>).map(([name, schema]) => {
    const { description, ...rest } = schema as Json
    return { name, in: 'query', ...(description === undefined ? {} : { description }), schema: rest }
  })

const requestBody = ({ schema, mediaType = 'application/json', examples }: Body): Json => ({
  required: true,
  content: content(mediaType, reference(schema), examples),
})

/** The operation as OpenAPI has it. */
export const describeOperation = (operation: Operation): Json => {
  const { id, tag, summary, description = '', roles, path, query, requestHeaders: wanted = [], body } = operation
  const known = roles.length > 0
  const codes = known ? [...operation.problems, ...secured] : operation.problems
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ $ref: `#/components/parameters/${name}` })),
    ...(query === undefined ? [] : queryParameters(query)),
    ...wanted.map(({ name, required = false }) => ({
      $ref: `#/components/parameters/${name}${required ? '-required' : ''}`,
    })),
  ]
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, known ? `Roles: ${roles.join(', ')}.` : ''].filter(Boolean).join('\n\n'),
    ...(known ? {} : { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      ...Object.fromEntries(operation.answers.map((each) => [each.status, answer(each, known)])),
      ...problemAnswers(codes),
    },
  }
}
