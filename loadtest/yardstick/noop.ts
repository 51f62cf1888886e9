import { serve } from '@hono/node-server'
import { Hono } from 'hono'

// The yardstick: a hono server that reads the JSON of a payment and answers JSON of the same shape and size as Daybook
// does, and does nothing else. Prints its port.

type Payment = { readonly amount: number; readonly [field: string]: unknown }

const instant = '2026-01-31T12:00:00.000Z'
const id = 'pay_0123456789abcdef0123456789abcdef'

const payment = ({ amount, ...rest }: Payment) => ({
  id,
  merchantId: '1042',
  status: 'captured',
  amount,
  authorized: amount,
  captured: amount,
  refunded: 0,
  voided: 0,
  expired: 0,
  disputed: 0,
  gateway: 'sandbox',
  ...rest,
  captures: [{ id: 'cap_0123456789abcdef0123456789abcdef', amount, status: 'succeeded', createdAt: instant }],
  refunds: [],
  voids: [],
  disputes: [],
  expiresAt: null,
  createdAt: instant,
  updatedAt: instant,
  revision: 2,
})

const stored = payment({
  amount: 12_500,
  currency: 'INR',
  method: { type: 'upi', vpa: 'asha@okbank' },
  customerId: 'cus_1',
  reference: 'order 1',
  metadata: { cart: '7' },
})

const app = new Hono()
app.post('/v1/payments', async (c) => c.json(payment(await c.req.json<Payment>()), 201))
app.get('/v1/payments/:id', (c) => c.json({ ...stored, id: c.req.param('id') }))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`${port}\n`)
})
process.once('SIGTERM', () => server.close(() => process.exit(0)))
process.once('disconnect', () => process.exit(0))
