import { about } from './about.ts'
import { pathParameters, requestHeaders, responseHeaders } from './parameters.ts'
import { describeOperation, type Json } from './describe-operation.ts'
import { operations } from './operations.ts'
import { schemas } from './schemas.ts'
import { problemExamples } from './problem-examples.ts'
import { withReferences } from './references.ts'

const paths = (): Json => {
  const byPath = new Map<string, Record<string, Json>>()
  for (const operation of operations)
    byPath.set(operation.path, { ...byPath.get(operation.path), [operation.method]: describeOperation(operation) })
  return Object.fromEntries(byPath)
}

const tags = ['Payments', 'Payouts', 'Batch', 'Settlements', 'Ledger', 'Merchants', 'Gateways', 'Operations']

/** The OpenAPI 3.1 document of everything that is served under one origin. `version`: of the program. */
export const openApiDocument = (version: string): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Daybook',
    version,
    summary: 'An event-sourced, double-entry ledger for payments',
    description: about,
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  tags: tags.map((name) => ({ name })),
  security: [{ apiKey: [] }, { signedToken: [] }],
  paths: paths(),
  components: {
    schemas: withReferences(schemas),
    parameters: { ...pathParameters, ...requestHeaders },
    headers: responseHeaders,
    examples: problemExamples,
    securitySchemes: {
      apiKey: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'dbk_….….…',
        description: 'An API key: `daybook keys create`, or `POST /v1/merchants/{merchantId}/keys`',
      },
      signedToken: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'A signed token (HS256) with `role`, `merchant` and `exp`: `daybook keys token`',
      },
    },
  },
})
