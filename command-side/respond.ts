import type { Context } from 'hono'
import { etagOf } from '../http/if-match.ts'
import { positionHeader, replayedHeader } from '../http/position-header.ts'
import type { Edge } from '../http/principal.ts'
import { sendText } from '../http/send-text.ts'
import type { Answer } from './answer.ts'

/** Sends an answer to a command on a resource below `collection`, such as `/v1/payments`. */
export const respond = (c: Context<Edge>, collection: string, answer: Answer): Response => {
  const headers: Record<string, string> = { [positionHeader]: answer.position }
  if (answer.replayed) headers[replayedHeader] = 'true'
  if (answer.kind === 'problem') {
    headers['Content-Type'] = 'application/problem+json'
    return sendText(c, answer.body, answer.status, headers)
  }
  headers['Content-Type'] = 'application/json'
  headers['ETag'] = etagOf(answer.revision)
  if (answer.status === 201) headers['Location'] = `${collection}/${answer.id}`
  return sendText(c, answer.body, answer.status, headers)
}
