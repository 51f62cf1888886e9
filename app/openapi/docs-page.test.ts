import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { compress } from '../../http/compress.ts'
import type { Edge } from '../../http/principal.ts'
import { problems } from './problems.ts'
import { documentRoutes } from './routes.ts'

const app = new Hono<Edge>().use(compress()).route('/', documentRoutes('1.2.3'))

const assetsOf = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="(\/docs\/assets[^"]+)"/g)].map(([, path = '']) => path)

test('the document is served with the version', async () => {
  const answer = await app.request('/openapi.json')
  expect(answer.headers.get('Content-Type')).toBe('application/json')
  expect(await answer.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Daybook', version: '1.2.3' } })
})

test.each(['/docs', '/docs/problems'])('%s loads nothing from elsewhere, and all it loads is there', async (path) => {
  const answer = await app.request(path)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toMatch(/^text\/html/)
  expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'; script-src 'self';")
  const html = await answer.text()
  expect(html).not.toMatch(/<script>|https?:| on\w+=/)
  expect(assetsOf(html).length).toBeGreaterThan(1)
  for (const asset of assetsOf(html)) {
    const file = await app.request(asset)
    expect([asset, file.status]).toEqual([asset, 200])
    expect(file.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(50)
  }
})

test('scripts and styles are packed for those who take it', async () => {
  const page = await (await app.request('/docs')).text()
  const bundle = assetsOf(page).find((path) => path.endsWith('bundle.js')) ?? ''
  const answer = await app.request(bundle, { headers: { 'Accept-Encoding': 'gzip' } })
  expect(answer.headers.get('Content-Encoding')).toBe('gzip')
})

test('nothing but the listed files can be had', async () => {
  for (const path of [
    '/docs/assets/x/package.json',
    '/docs/assets/../../package.json',
    '/docs/assets/%2e%2e/package.json',
  ])
    expect((await app.request(path)).status).toBe(404)
})

test('each code can be linked to', async () => {
  const html = await (await app.request('/docs/problems')).text()
  for (const code of Object.keys(problems)) expect(html).toContain(`id="${code}"`)
})
