import autocannon from 'autocannon'
import { wholeAnswer } from './whole-answer.ts'

/** One connection; at most one request is under way on it. */
export type Connection = {
  /** Sends a whole request. Only when `onReady` has said that it can be. */
  send(request: string): void
}

/** What is heard of the connections. */
export type Events = {
  /** The connection can send: in the beginning, after each answer and after what was under way was lost. */
  onReady(connection: Connection): void
  onAnswer(connection: Connection, status: number, body: string, headers: readonly string[]): void
  /** The answer will never come. */
  onLost(connection: Connection, reason: string): void
}

export type Connections = { close(): Promise<void> }

/** The parts of autocannon's client that are taken hold of here, because its options don't reach so far. */
type Inside = autocannon.Client & {
  _doRequest(): void
  getRequestBuffer(): string
  readonly requestIterator: {
    readonly currentRequest: unknown
    nextRequest(): unknown
    recordBody(request: unknown, status: number, body: string, headers: readonly string[]): void
  }
  readonly pipelinedRequests: { clear(): void }
  parser: Parser
}
type Parser = { execute(chunk: Buffer): unknown }

const timeoutSeconds = 30
const pauseAfterLossMs = 100

/**
 * Opens connections with autocannon, which connects, writes, parses answers and connects again. Which request is sent
 * when is decided elsewhere: autocannon's own rate sends each connection's quota at the beginning of a second, as fast
 * as answers come, and then rests; that is a closed loop with pauses, and its latencies (which it corrects as if a
 * request were due every millisecond on each connection) are not those of requests that come evenly. It also would
 * build each request from an object anew, which costs more than the rest of it.
 */
export const openConnections = (url: string, count: number, events: Events): Connections => {
  const take = (client: Inside): void => {
    let request = ''
    let sentAt = 0
    let isUnderWay = false
    let isPausing = false
    let failure = ''
    const write = client._doRequest.bind(client)
    const connection: Connection = {
      send: (text) => {
        request = text
        isUnderWay = true
        sentAt = performance.now()
        write()
      },
    }
    client.getRequestBuffer = () => request
    client.requestIterator.nextRequest = () => client.requestIterator.currentRequest
    client.requestIterator.recordBody = (_request, status, body, headers) => {
      isInParts = false
      if (!isUnderWay) return
      isUnderWay = false
      events.onAnswer(connection, status, body, headers)
    }
    // Most answers come whole, and looking for their end costs a third of parsing them. Callbacks that autocannon puts
    // on its parser after this find it behind.
    const parser = Object.create(client.parser) as Parser
    const { execute } = client.parser
    let isInParts = false
    parser.execute = (chunk) => {
      const whole = isInParts || !isUnderWay ? undefined : wholeAnswer(chunk)
      if (whole === undefined) {
        isInParts = isUnderWay
        return execute.call(parser, chunk)
      }
      client.pipelinedRequests.clear()
      isUnderWay = false
      events.onAnswer(connection, whole.status, whole.body, whole.headers)
      client._doRequest()
    }
    client.parser = parser
    client.on(
      'connError' as 'response',
      ((error: NodeJS.ErrnoException) => {
        failure = error.code ?? error.message
      }) as never,
    )
    // Called after each answer, and after each time it has connected, be it that the other end hung up.
    client._doRequest = () => {
      if (isPausing) return
      if (!isUnderWay && failure === '') return events.onReady(connection)
      const timedOut = performance.now() - sentAt >= timeoutSeconds * 1_000
      const reason = failure === '' ? (timedOut ? 'no answer in time' : 'hung up') : failure
      failure = ''
      client.pipelinedRequests.clear()
      if (isUnderWay) {
        isUnderWay = false
        events.onLost(connection, reason)
      }
      isPausing = true
      setTimeout(() => {
        isPausing = false
        events.onReady(connection)
      }, pauseAfterLossMs)
    }
  }
  const run = autocannon({
    url,
    connections: count,
    // Until it is stopped.
    duration: 1_000_000,
    timeout: timeoutSeconds,
    setupClient: (client) => take(client as Inside),
  })
  return {
    close: async () => {
      // What it gives without a callback is both, an instance and a promise, whatever its types say.
      ;(run as unknown as autocannon.Instance).stop()
      await run
    },
  }
}
