import { setTimeout as sleep } from 'node:timers/promises'

/** A JSON answer. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }

/** Speaks HTTP to a ledger with one key. */
export type Client = {
  get(path: string): Promise<Answer>
  post(path: string, body: unknown, idempotencyKey?: string): Promise<Answer>
  put(path: string, body: unknown): Promise<Answer>
  /** Sends lines to /v1/commands; the answer's lines in their order. */
  batch(lines: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
}

/** The position that an answer speaks of. */
export const positionOf = ({ headers }: Answer): string => headers.get('daybook-position') ?? ''

const parse = (text: string): Record<string, unknown> =>
  text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)

const answerOf = async (response: Response): Promise<Answer> => ({
  status: response.status,
  headers: response.headers,
  body: parse(await response.text()),
})

export const clientOf = (url: string, key: string): Client => {
  const authorization = `Bearer ${key}`
  const send = async (
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    more: Readonly<Record<string, string>> = {},
  ) =>
    answerOf(
      await fetch(url + path, {
        method,
        headers: { authorization, 'content-type': 'application/json', ...more },
        body: JSON.stringify(body),
      }),
    )
  return {
    get: async (path) => answerOf(await fetch(url + path, { headers: { authorization } })),
    post: (path, body, idempotencyKey) =>
      send('POST', path, body, idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    put: (path, body) => send('PUT', path, body),
    batch: async (lines) => {
      const response = await fetch(`${url}/v1/commands`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-ndjson' },
        body: lines.map((line) => JSON.stringify(line)).join('\n'),
      })
      return (await response.text()).split('\n').filter(Boolean).map(parse)
    },
  }
}

/** Reads again until `done`, which is asked of each answer; for what is done beside requests. */
export const eventually = async (read: () => Promise<Answer>, done: (answer: Answer) => boolean): Promise<Answer> => {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await read()
    if (done(answer)) return answer
    await sleep(50)
  }
  throw new Error('it did not happen within half a minute')
}
