import { Socket } from 'node:net'

/** The sockets of all connections to one host, so that they can be ended together. */
export type Sockets = {
  /** A new one, not connected yet. */
  make(): Socket
  /** Ends all with an error of this text. */
  endAll(reason: string): void
  /** Ends all, and every new one as soon as it is used, until `allow`. */
  cutOff(reason: string): void
  allow(): void
}

/**
 * A host that has fallen silent keeps whoever waits for it until their own time is over. Ending the sockets tells all of
 * them at once.
 */
export const createSockets = (): Sockets => {
  const open = new Set<Socket>()
  let silent: string | undefined
  const endAll = (reason: string): void => {
    for (const socket of open) socket.destroy(new Error(reason))
  }
  return {
    endAll,
    make: () => {
      const socket = new Socket()
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      process.nextTick(() => {
        if (silent !== undefined) socket.destroy(new Error(silent))
      })
      return socket
    },
    cutOff: (reason) => {
      silent = reason
      endAll(reason)
    },
    allow: () => {
      silent = undefined
    },
  }
}
