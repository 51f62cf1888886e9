import { Hono, type Context } from 'hono'
import { requireRole } from '../../http/authenticate.ts'
import { nodeOf } from '../../http/node-bindings.ts'
import type { Edge } from '../../http/principal.ts'
import { Problem } from '../../http/problem.ts'
import { problemFor } from '../../http/problem-response.ts'
import type { Answer } from '../answer.ts'
import type { Admission } from '../admission.ts'
import type { EventStore } from '../event-store.ts'
import { inTurn } from '../in-turn.ts'
import type { Logger } from '../logger.ts'
import type { Sender } from '../sender.ts'
import { answerText, problemText } from './answer-text.ts'
import { type Line, linesOf } from './lines.ts'
import { type Commands, maxLineBytes, prepare } from './prepare.ts'
import { type BatchLimits, runBatch } from './run.ts'
import { sharedHead } from './shared-head.ts'

/** What a batch may ask for: ten thousand commands, half a thousand of them at a time. */
export const batchLimits: BatchLimits = { maxCommands: 10_000, window: 512, maxUnreadBytes: 16 * 1_048_576 }

const ndjson = /^application\/x-ndjson\s*(?:;|$)/i

/** POST /v1/commands: a command in each line, its answer in the same line of the answer. */
export const batchRoutes = (deps: {
  readonly commands: Commands
  readonly admission: Admission
  readonly store: Pick<EventStore, 'head'>
  readonly logger: Logger
  readonly limits?: BatchLimits | undefined
}): Hono<Edge> => {
  const { commands, admission, store, logger, limits = batchLimits } = deps
  const routes = new Hono<Edge>()
  const head = sharedHead(store)

  routes.post('/v1/commands', (c) => {
    const sender: Sender = { principal: c.get('principal'), traceId: c.get('traceId') }
    requireRole(sender.principal, 'merchant', 'operator')
    requireLines(c)
    admission.requireOpen()

    const gone = c.req.raw.signal
    const turns = inTurn()
    const refused = async (index: number, error: unknown): Promise<string> => {
      const { traceId } = sender
      const problem = problemFor(error, () => logger.error({ err: error, traceId }, 'batch command failed'))
      return problemText(index, problem, await head(), traceId)
    }
    const begin = async (line: Line, index: number): Promise<string> => {
      try {
        const { about, run } = prepare(commands, line, sender)
        const unlessGone = (): Promise<Answer> => (gone.aborted ? Promise.reject(aborted()) : run())
        return answerText(index, await admission.run(() => turns(about, unlessGone)))
      } catch (error) {
        return refused(index, error)
      }
    }

    const answer = runBatch(
      {
        lines: linesOf(bodyOf(c), maxLineBytes),
        begin,
        tooMany: (index) => refused(index, tooMany(limits.maxCommands)),
        room: () => admission.room(),
        gone,
      },
      limits,
    )
    // Compression would hold lines back.
    return c.body(answer, 200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store, no-transform' })
  })
  return routes
}

const requireLines = (c: Context): void => {
  if (!ndjson.test(c.req.header('Content-Type') ?? '')) {
    throw new Problem(
      415,
      'unsupportedMediaType',
      'Send a command in each line as "Content-Type: application/x-ndjson"',
    )
  }
  if ((c.req.header('Content-Encoding') ?? 'identity') !== 'identity') {
    throw new Problem(415, 'unsupportedMediaType', 'Send the body as it is, without a Content-Encoding')
  }
}

const bodyOf = (c: Context): AsyncIterable<Uint8Array> => nodeOf(c)?.incoming ?? c.req.raw.body ?? nothing()

async function* nothing(): AsyncGenerator<Uint8Array> {}

const aborted = (): Problem => new Problem(400, 'requestAborted', 'The connection ended before the command began')

const tooMany = (maxCommands: number): Problem =>
  new Problem(413, 'batchTooLong', `A batch may have ${maxCommands} commands; this one and what follows was not done`)
