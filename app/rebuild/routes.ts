import { setTimeout as wait } from 'node:timers/promises'
import { type Context, Hono } from 'hono'
import { isPosition } from '../../domain/position.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { readBody } from '../../http/read-body.ts'
import { invalidRequest, validator } from '../../http/validate.ts'
import type { RebuildProgress } from './progress-now.ts'
import { problemOf } from './problem-of.ts'
import { projectionIn } from './projection-in.ts'
import type { Rebuilds } from './rebuilds.ts'
import { EmptyBody, RebuildBody } from './schemas.ts'

const checkRebuild = validator(RebuildBody)
const checkEmpty = validator(EmptyBody)

const everyMs = 1_000

const eventOf = (progress: RebuildProgress): string => `event: progress\ndata: ${JSON.stringify(progress)}\n\n`

/** Server-sent events (HTML standard, section 9.2), one a second; the last one when no rebuild is at work any more. */
const progressStream = (first: RebuildProgress, look: () => Promise<RebuildProgress>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  let progress: RebuildProgress | undefined = first
  return new ReadableStream({
    pull: async (controller) => {
      if (progress === undefined) {
        await wait(everyMs)
        progress = await look()
      }
      controller.enqueue(encoder.encode(eventOf(progress)))
      if (!progress.running) controller.close()
      progress = undefined
    },
  })
}

/** What operators do about copies of projections: rebuild, watch, compare, switch, go back, drop. */
export const rebuildRoutes = (rebuilds: Rebuilds): Hono<Edge> => {
  const act =
    (work: (projection: string) => Promise<Readonly<Record<string, unknown>>>) => async (c: Context<Edge>) => {
      const projection = projectionIn(c, 'operator')
      checkEmpty(await readBody(c))
      return c.json({ projection, ...(await work(projection).catch(problemOf)) })
    }
  return new Hono<Edge>()
    .post('/v1/projections/:projection/rebuilds', async (c) => {
      const projection = projectionIn(c, 'operator')
      const order = checkRebuild(await readBody(c))
      if (order.shard !== undefined && order.shard >= rebuilds.shardCount)
        throw invalidRequest([{ pointer: '/shard', detail: `must be less than ${rebuilds.shardCount}` }])
      if (order.to !== undefined && !isPosition(order.to))
        throw invalidRequest([{ pointer: '/to', detail: 'must be the Daybook-Position of an earlier answer' }])
      const state = await rebuilds.start({ projection, ...order }).catch(problemOf)
      return c.json({ projection, state }, 202)
    })
    .get('/v1/projections/:projection/rebuilds/progress', async (c) => {
      const look = rebuilds.progress(projectionIn(c, 'operator'))
      const stream = progressStream(await look().catch(problemOf), look)
      return c.body(stream, 200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    })
    .post('/v1/projections/:projection/rebuilds/stop', async (c) => {
      const projection = projectionIn(c, 'operator')
      checkEmpty(await readBody(c))
      if (!(await rebuilds.stop(projection).catch(problemOf)))
        throw new Problem(409, 'rebuildRefused', `no rebuild of ${projection} is under way`)
      return c.json({ projection, state: 'stopping' }, 202)
    })
    .get('/v1/projections/:projection/diff', async (c) => {
      const projection = projectionIn(c, 'operator')
      return c.json(await rebuilds.diff(projection, c.req.raw.signal).catch(problemOf))
    })
    .post(
      '/v1/projections/:projection/switch',
      act(async (projection) => {
        const { number, shards } = await rebuilds.switchOver(projection)
        return { copy: number, shards }
      }),
    )
    .post(
      '/v1/projections/:projection/rollback',
      act(async (projection) => {
        const { number, shards } = await rebuilds.rollBack(projection)
        return { copy: number, shards }
      }),
    )
    .post(
      '/v1/projections/:projection/drop',
      act(async (projection) => ({ shards: await rebuilds.drop(projection) })),
    )
}
