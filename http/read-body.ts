import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import { headerOf } from './headers.ts'
import { nodeOf } from './node-bindings.ts'
import { malformedJson, parseJson } from './parse-json.ts'
import { Problem } from './problem.ts'

const json = /^application\/json\s*(?:;|$)/i

const requireJson = (c: Context): void => {
  if (!json.test(headerOf(c, 'content-type') ?? '')) {
    throw new Problem(415, 'unsupportedMediaType', 'Send JSON as "Content-Type: application/json"')
  }
  if ((headerOf(c, 'content-encoding') ?? 'identity') !== 'identity') {
    throw new Problem(415, 'unsupportedMediaType', 'Send the body as it is, without a Content-Encoding')
  }
}

const tooLarge = (limitBytes: number): Problem =>
  new Problem(413, 'bodyTooLarge', `The body may have ${limitBytes} bytes at most`)

const aborted = (): Problem => new Problem(400, 'requestAborted', 'The connection ended before the body did')

/** A small body has mostly come with the head, and all of it lies there to be taken. */
const takeWhole = (incoming: IncomingMessage, limitBytes: number): Buffer => {
  const bytes = (incoming.read() as Buffer | null) ?? Buffer.alloc(0)
  if (bytes.length > limitBytes) throw tooLarge(limitBytes)
  return bytes
}

/** Straight from Node's request, as it comes: this costs a fraction of a web stream. */
const readIncoming = (incoming: IncomingMessage, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = (done: () => void): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
      done()
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      chunks.push(chunk)
      // The rest flows on unread, so that the client gets to see the answer.
      if (size > limitBytes) settle(() => reject(tooLarge(limitBytes)))
    }
    const onEnd = (): void =>
      settle(() => resolve(chunks[0] && chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    const onBroken = (): void => settle(() => reject(aborted()))
    if (incoming.destroyed) onBroken()
    else incoming.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
  })

const readBytes = async (c: Context, limitBytes: number): Promise<Buffer> => {
  if (Number(headerOf(c, 'content-length') ?? 0) > limitBytes) throw tooLarge(limitBytes)
  const incoming = nodeOf(c)?.incoming
  if (incoming !== undefined && !incoming.readableDidRead) {
    return incoming.complete && !incoming.destroyed
      ? takeWhole(incoming, limitBytes)
      : readIncoming(incoming, limitBytes)
  }
  const bytes = Buffer.from(await c.req.arrayBuffer())
  if (bytes.length > limitBytes) throw tooLarge(limitBytes)
  return bytes
}

/**
 * Reads a JSON body: 415 `unsupportedMediaType` unless it is `application/json`, 413 `bodyTooLarge` beyond
 * `limitBytes`, 400 `malformedJson` for what is empty, no UTF-8 or no JSON, and what `parseJson` refuses.
 */
export const readBody = async (c: Context, limitBytes = 65_536): Promise<unknown> => {
  requireJson(c)
  const bytes = await readBytes(c, limitBytes)
  if (!isUtf8(bytes)) throw malformedJson('The body is not valid UTF-8')
  return parseJson(bytes.toString())
}
