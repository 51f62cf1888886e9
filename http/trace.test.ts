import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { Edge } from './principal.ts'
import { trace } from './trace.ts'

const app = new Hono<Edge>()
app.use(trace())
app.get('/', (c) => c.text(c.get('traceId')))

const ask = async (traceparent?: string) => {
  const response = await app.request('/', traceparent === undefined ? {} : { headers: { traceparent } })
  return { traceId: await response.text(), answered: response.headers.get('traceparent') ?? '' }
}

const id = '0af7651916cd43dd8448eb211c80319c'
const span = 'b7ad6b7169203331'

describe('a trace', () => {
  it('goes on where the client began it, with a span of its own and the same flags', async () => {
    const { traceId, answered } = await ask(`00-${id}-${span}-01`)
    expect(traceId).toBe(id)
    expect(answered).toMatch(new RegExp(`^00-${id}-[0-9a-f]{16}-01$`))
    expect(answered).not.toContain(span)
  })

  it('goes on from a later version of the header', async () => {
    expect((await ask(`01-${id}-${span}-01-more`)).traceId).toBe(id)
  })

  it.each([
    ['none', undefined],
    ['all zeros', `00-${'0'.repeat(32)}-${span}-01`],
    ['a span of zeros', `00-${id}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${id.toUpperCase()}-${span}-01`],
    ['version ff', `ff-${id}-${span}-01`],
    ['version 00 that goes on', `00-${id}-${span}-01-more`],
    ['too short', `00-${id}-${span}`],
    ['nonsense', 'nonsense'],
  ])('begins anew with %s', async (_, traceparent) => {
    const { traceId, answered } = await ask(traceparent)
    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(traceId).not.toBe(id)
    expect(answered).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
  })

  it('is another for each request', async () => {
    expect((await ask()).traceId).not.toBe((await ask()).traceId)
  })
})
