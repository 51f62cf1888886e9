import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import type { Edge } from '../../http/principal.ts'
import { problemsPage } from './problems-page.ts'

const types = { css: 'text/css', js: 'text/javascript', png: 'image/png' } as const

/** The files of swagger-ui that the page needs, and nothing else of the package. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const

const require = createRequire(import.meta.url)
const folder = dirname(require.resolve('swagger-ui-dist/package.json'))
const swaggerUi = require('swagger-ui-dist/package.json') as { readonly version: string }

// Nothing from anywhere else; styles are what swagger-ui sets on its elements, images what its stylesheet carries.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const pageHeaders = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
}

const page = (assets: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Daybook API</title>
    <link rel="icon" type="image/png" href="${assets}/favicon-32x32.png">
    <link rel="stylesheet" href="${assets}/swagger-ui.css">
    <link rel="stylesheet" href="${assets}/daybook.css">
  </head>
  <body>
    <main id="docs"><noscript>This page needs JavaScript; the document itself is at /openapi.json.</noscript></main>
    <script src="${assets}/swagger-ui-bundle.js"></script>
    <script src="${assets}/daybook.js"></script>
  </body>
</html>
`

const script = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  tryItOutEnabled: true,
})
`

const style = `body { margin: 0; background: #fff; color: #222; }
body.text { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; }
body.text th, body.text td { padding: 0.3rem 0.8rem 0.3rem 0; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }
tr:target { background: #fff3c4; }
`

const fingerprint = createHash('sha256')
  .update(swaggerUi.version)
  .update(script)
  .update(style)
  .digest('hex')
  .slice(0, 12)

/** GET /docs: the document for people, with everything it needs served from here; /docs/problems: every code. */
export const docsPage = (): Hono<Edge> => {
  const assets = `/docs/assets/${fingerprint}`
  const cached = { 'Cache-Control': 'public, max-age=31536000, immutable', 'X-Content-Type-Options': 'nosniff' }
  const routes = new Hono<Edge>()
    .get('/docs', (c) => c.html(page(assets), 200, pageHeaders))
    .get('/docs/problems', (c) => c.html(problemsPage(assets), 200, pageHeaders))
    .get(`${assets}/daybook.js`, (c) => c.body(script, 200, { ...cached, 'Content-Type': types.js }))
    .get(`${assets}/daybook.css`, (c) => c.body(style, 200, { ...cached, 'Content-Type': types.css }))
  for (const file of files) {
    const type = types[file.slice(file.lastIndexOf('.') + 1) as keyof typeof types]
    routes.get(`${assets}/${file}`, async (c) =>
      c.body(new Uint8Array(await readFile(join(folder, file))), 200, { ...cached, 'Content-Type': type }),
    )
  }
  return routes
}
