import type { Redis } from 'ioredis'

/** All that the client of a cluster says of a node that it could not ask for the map. */
const closed = 'Connection is closed.'
const pauseMs = 5_000

/** A client of one server that is not connected yet, and connects once. */
type Alone = (place: { readonly host: string; readonly port: number }) => Redis

const reasonOf = async (node: string, open: Alone): Promise<Error | undefined> => {
  const colon = node.lastIndexOf(':')
  const alone = open({ host: node.slice(0, colon), port: Number(node.slice(colon + 1)) })
  let reason: Error | undefined
  alone.on('error', (error: Error) => (reason ??= error))
  try {
    await alone.connect()
  } catch (error) {
    reason ??= error instanceof Error ? error : new Error(String(error))
  } finally {
    alone.disconnect()
  }
  return reason
}

/**
 * Tells of what went wrong with a cluster's node. Where the client keeps the reason to itself (a certificate, say) a
 * connection of our own finds out, every few seconds at most.
 */
export const tellWhy = (open: Alone, tell: (error: Error) => void): ((error: Error, node: string) => void) => {
  let askedAt = Number.NEGATIVE_INFINITY
  return (error, node) => {
    if (error.message !== closed) return tell(error)
    if (performance.now() - askedAt < pauseMs) return
    askedAt = performance.now()
    void reasonOf(node, open).then((reason) => tell(reason ?? error))
  }
}
