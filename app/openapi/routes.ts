import { Hono } from 'hono'
import { answerJson } from '../../http/answer-json.ts'
import type { Edge } from '../../http/principal.ts'
import { docsPage } from './docs-page.ts'
import { openApiDocument } from './document.ts'

/** /openapi.json and /docs, for anybody. `version`: of the program. */
export const documentRoutes = (version: string): Hono<Edge> => {
  const document = JSON.stringify(openApiDocument(version))
  return new Hono<Edge>()
    .get('/openapi.json', (c) => answerJson(c, document, 200, { 'Cache-Control': 'no-cache' }))
    .route('/', docsPage())
}
