import { createServer, connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** Stands between clients and a server, on 127.0.0.1. */
export type Proxy = {
  /** From now on nothing gets through: connections stay open and new ones are taken, in silence. */
  cut(): void
  /** Things get through again, on new connections; the old ones are broken. */
  mend(): void
  close(): Promise<void>
}

export const startProxy = async (listenPort: number, serverPort: number): Promise<Proxy> => {
  let isCut = false
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((client) => {
    keep(client)
    if (isCut) {
      client.pause()
      return
    }
    const upstream = connect(serverPort, '127.0.0.1')
    keep(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    client.on('data', (bytes) => !isCut && upstream.write(bytes))
    upstream.on('data', (bytes) => !isCut && client.write(bytes))
  })
  server.listen(listenPort, '127.0.0.1')
  await once(server, 'listening')
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    cut: () => {
      isCut = true
    },
    mend: () => {
      isCut = false
      breakAll()
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      breakAll()
      await closed
    },
  }
}
