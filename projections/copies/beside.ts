import type { ReadModelServer } from '../read-model-store.ts'
import type { Copy } from './copy.ts'
import { type Pointer, settle } from './pointer.ts'
import { readCopies } from './read-copies.ts'

/** A projection's copies on one server. */
export type CopiesAt = { readonly server: ReadModelServer; readonly copies: readonly Copy[] }

/** What there is of a projection on all servers, after whatever was cut short is done. */
export type Standing = { readonly pointer: Pointer; readonly at: readonly CopiesAt[] }

export const standingOf = async (servers: readonly ReadModelServer[], projection: string): Promise<Standing> => {
  const pointer = await settle(servers, projection)
  const at = await Promise.all(
    servers.map(async (server) => {
      const copies = await server.transaction((sql) => readCopies(sql, server.shards, [projection]))
      return { server, copies: copies.filter((copy) => copy.projection === projection) }
    }),
  )
  return { pointer, at }
}

export const allCopies = ({ at }: Standing): readonly Copy[] => at.flatMap(({ copies }) => copies)

/** A copy that is not live, and the one that is. */
export type Pair = { readonly server: ReadModelServer; readonly beside: Copy; readonly live: Copy }

/** All copies that are not live, of which a shard has one at most, each with the one that is. */
export const pairs = ({ at }: Standing): readonly Pair[] =>
  at.flatMap(({ server, copies }) =>
    copies.flatMap((beside) => {
      const live = copies.find((copy) => copy.live && copy.shard === beside.shard)
      return beside.live || live === undefined ? [] : [{ server, beside, live }]
    }),
  )
