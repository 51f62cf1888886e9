import type { Handler } from './listen.ts'

const headers = { 'content-type': 'application/json', 'retry-after': '1' }

/** Answers while the rest is being started: the port is open, but there is nothing behind it yet. */
export const notReady: Handler = (request) => {
  const { pathname } = new URL(request.url)
  if (pathname === '/health') return new Response('{"status":"ok"}', { headers })
  if (pathname === '/ready') return new Response('{"status":"waiting","waitsFor":["start"]}', { status: 503, headers })
  const problem = { type: '/docs/problems#starting', title: 'Starting', status: 503, code: 'starting', errors: [] }
  const body = JSON.stringify({ ...problem, detail: 'Daybook is starting; try again in a moment' })
  return new Response(body, { status: 503, headers: { ...headers, 'content-type': 'application/problem+json' } })
}
