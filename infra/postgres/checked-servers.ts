import { type HeldShards, heldShards, lackingAt, shardFault } from '../../projections/shard-places.ts'
import type { ShardServer } from './shard-server.ts'
import { type ShardServers, together } from './shard-servers.ts'

/** The servers do not have what `SHARDS` and `SHARD_MAP` say; the message names the one that is wrong. */
export class WrongShards extends Error {
  override name = 'WrongShards'
}

const againMs = 1_000

/** A server that is asked for nothing before `check` has been resolved once. */
const checkedServer = (server: ShardServer, check: () => Promise<void>): ShardServer => {
  let passed: Promise<void> | undefined
  const pass = (): Promise<void> => {
    passed ??= check().catch((error: unknown) => {
      passed = undefined
      throw error
    })
    return passed
  }
  const look = (): void => void pass().catch(() => undefined)
  look()
  const timer = setInterval(look, againMs).unref()
  return {
    ...server,
    connect: async () => {
      await pass()
      return server.connect()
    },
    read: async (statement, rules) => {
      await pass()
      return server.read(statement, rules)
    },
    close: () => {
      clearInterval(timer)
      return server.close()
    },
  }
}

/**
 * The same servers for one who only reads, each asked at once, and as soon as it answers, whether it has what the settings
 * say. Until then nothing is read there, and never where they contradict it: an answer would silently lack rows. `onWrong`
 * hears of that, `onLacking` of shards that are not there yet.
 */
export const checkedServers = (
  { servers, shardCount }: ShardServers,
  onWrong: (error: WrongShards) => void,
  onLacking: (error: Error) => void,
): ShardServers => {
  const found = new Map<ShardServer, HeldShards>()
  const placeOf = (server: ShardServer) => ({ shards: server.shards, found: found.get(server) })

  const check = async (server: ShardServer): Promise<void> => {
    const [row] = await server.read<HeldShards>({ text: heldShards, values: [] }, { newest: true })
    if (row !== undefined) found.set(server, row)
    const fault = shardFault(servers.map(placeOf), shardCount)
    if (fault !== undefined) {
      const error = new WrongShards(fault)
      onWrong(error)
      throw error
    }
    const lacking = lackingAt(placeOf(server))
    if (row?.count === null || lacking.length > 0) {
      const error = new Error(`a server has no ${lacking.join(', ')} yet, which SHARD_MAP names it for`)
      onLacking(error)
      throw error
    }
  }
  return together(
    servers.map((server) => checkedServer(server, () => check(server))),
    shardCount,
  )
}
