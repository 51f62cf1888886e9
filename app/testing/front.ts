import { createServer, request } from 'node:http'
import { once } from 'node:events'

/** What a load balancer does: tells the sides apart by method and path, and takes turns with the instances of each. */
export type Front = { readonly url: string; close(): Promise<void> }

/** Everything but a GET is a command; merchants and gateways are read from the event store, so by the command side as well. */
const isForQueries = (method = '', path = ''): boolean => method === 'GET' && !/^\/v1\/(merchants|gateways)/.test(path)

/** Longer than clients leave a connection alone: one of theirs would be sent into a connection that is closing. */
const keepAliveTimeout = 75_000

/** Listens on a free port in front of the sides' instances. */
export const startFront = async (commands: readonly string[], queries: readonly string[]): Promise<Front> => {
  let turn = 0
  const server = createServer({ keepAliveTimeout }, (incoming, outgoing) => {
    const instances = isForQueries(incoming.method, incoming.url) ? queries : commands
    const target = instances[turn++ % instances.length] ?? ''
    const { method, headers } = incoming
    const passed = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(502).end()
    })
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
