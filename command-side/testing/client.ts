import type { Hono } from 'hono'
import type { Edge } from '../../http/principal.ts'
import { behindEdge } from './edge.ts'

/** What came back, as text and, where it is one JSON value, as that. */
export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

/** `as` is a token of `behindEdge`; the merchant 1042 when absent. */
export type Sent = { readonly key?: string; readonly as?: string; readonly headers?: Readonly<Record<string, string>> }

export type Client = {
  readonly routes: Hono<Edge>
  /** A body that is text is sent as it is. */
  post(path: string, body: unknown, sent?: Sent): Promise<Reply>
  /** The same with PUT, by an operator. */
  put(path: string, body: unknown, sent?: Sent): Promise<Reply>
  /** Sends a batch; a line that is text is sent as it is. */
  batch(lines: readonly unknown[], sent?: Sent): Promise<BatchReply>
}

/** What came back for a batch, as text and line by line. */
export type BatchReply = Omit<Reply, 'body'> & { readonly lines: readonly AnswerLine[] }

export type AnswerLine = {
  readonly index: number
  readonly status: number
  readonly position: string
  readonly replayed?: boolean
  readonly body?: Readonly<Record<string, unknown>>
  readonly problem?: Readonly<Record<string, unknown>>
}

/** Asks the routes as a client would, without a socket. */
export const clientOf = (side: Hono<Edge>, failed: (fields: unknown) => void): Client => {
  const routes = behindEdge(failed, side)

  const send = async (method: 'POST' | 'PUT', path: string, contentType: string, body: string, sent: Sent) => {
    const headers = new Headers({ Authorization: `Bearer ${sent.as ?? 'merchant.1042'}`, 'Content-Type': contentType })
    if (sent.key !== undefined) headers.set('Idempotency-Key', sent.key)
    for (const [name, value] of Object.entries(sent.headers ?? {})) headers.set(name, value)
    const response = await routes.request(path, { method, headers, body })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  const sendJson = async (method: 'POST' | 'PUT', path: string, body: unknown, sent: Sent): Promise<Reply> => {
    const reply = await send(method, path, 'application/json', textOf(body), sent)
    return { ...reply, body: JSON.parse(reply.text) as Reply['body'] }
  }

  return {
    routes,
    post: (path, body, sent = {}) => sendJson('POST', path, body, sent),
    put: (path, body, sent = {}) => sendJson('PUT', path, body, { as: 'operator', ...sent }),
    batch: async (lines, sent = {}) => {
      const reply = await send('POST', '/v1/commands', 'application/x-ndjson', lines.map(textOf).join('\n'), sent)
      const texts = reply.text.split('\n').filter((line) => line !== '')
      return { ...reply, lines: texts.map((line) => JSON.parse(line) as AnswerLine) }
    },
  }
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))
