import Type, { type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { messageOf } from '../start-error.ts'
import { PaymentSchema } from './read-payment.ts'

/** One line of the server's answer to a batch, as far as an import reads it. */
const AnswerSchema = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  status: Type.Integer(),
  replayed: Type.Optional(Type.Boolean()),
  body: Type.Optional(PaymentSchema),
  problem: Type.Optional(
    Type.Object({
      code: Type.String(),
      detail: Type.String(),
      errors: Type.Optional(Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }))),
    }),
  ),
})
export type Answer = Static<typeof AnswerSchema>
const compiled = Compile(AnswerSchema)

/** What one request brought: answers by the index of their line, and, where some are missing, why. */
export type Posted = {
  readonly answers: ReadonlyMap<number, Answer>
  readonly failure?: string
  /** No use in asking again: the key or the address is wrong. */
  readonly fatal?: boolean
  readonly retryAfterMs?: number
}

/** Sends lines to `POST /v1/commands`; never rejects but for an abort. */
export type PostBatch = (lines: readonly string[], signal: AbortSignal) => Promise<Posted>

/** A request is given up after this long without an end; its lines are sent again under the same keys. */
const requestTimeoutMs = 120_000

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  let rest = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest
}

const parseAnswer = (line: string): Answer | undefined => {
  const value: unknown = JSON.parse(line)
  return compiled.Check(value) ? value : undefined
}

const problemOf = async (response: Response): Promise<string> => {
  const { detail } = (await response.json().catch(() => ({}))) as { detail?: unknown }
  return `${response.status}${typeof detail === 'string' ? `: ${detail}` : ''}`
}

const retryAfterOf = (response: Response): { retryAfterMs?: number } => {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? messageOf(error.cause) : messageOf(error)

/** A client of one server, with one key. */
export const postBatchTo = (url: string, key: string): PostBatch => {
  const address = new URL('/v1/commands', url)
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' }
  return async (lines, signal) => {
    const answers = new Map<number, Answer>()
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers,
        body: lines.join('\n'),
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
      })
      if (!response.ok || !response.body) {
        const fatal = response.status < 500 && response.status !== 429 && response.status !== 409
        return { answers, failure: await problemOf(response), fatal, ...retryAfterOf(response) }
      }
      for await (const line of linesOf(response.body)) {
        const answer = line === '' ? undefined : parseAnswer(line)
        if (answer) answers.set(answer.index, answer)
      }
      return { answers, failure: 'the answer ended early' }
    } catch (error) {
      signal.throwIfAborted()
      return { answers, failure: reasonOf(error) }
    }
  }
}
