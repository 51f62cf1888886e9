import { once } from 'node:events'
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http'

/** What an instance saw of a request. */
export type Seen = { readonly instance: string; readonly method: string; readonly headers: IncomingHttpHeaders }

/**
 * Stands for an instance of a side: answers with what it saw, as JSON. A body of `application/x-ndjson` is answered
 * chunk by chunk, with its length, as it comes.
 */
export const startInstance = async (instance: string, host: string, port: number): Promise<Server> => {
  const server = createServer((request, response) => {
    response.setHeader('traceparent', request.headers.traceparent ?? 'none')
    if (request.headers['content-type'] === 'application/x-ndjson') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      request.on('data', (chunk: Buffer) => response.write(`${chunk.length}\n`))
      request.on('end', () => response.end())
      return
    }
    request.resume().on('end', () => {
      const seen: Seen = { instance, method: request.method ?? '', headers: request.headers }
      response.end(JSON.stringify(seen))
    })
  })
  server.listen(port, host)
  await once(server, 'listening')
  return server
}

/** Ends it and its connections. */
export const stopInstance = async (server: Server): Promise<void> => {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
