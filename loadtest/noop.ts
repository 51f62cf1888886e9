import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/** The yardstick: a hono server that parses the same JSON and answers it, and does nothing else. */
const app = new Hono()
app.post('/v1/payments', async (c) => c.json(await c.req.json(), 201))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`${port}\n`)
})
process.once('SIGTERM', () => server.close(() => process.exit(0)))
