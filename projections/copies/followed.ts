import type { Projection } from '../projection.ts'
import type { ReadModelServer, Sql } from '../read-model-store.ts'
import type { Copy } from './copy.ts'
import { readCopies } from './read-copies.ts'
import { CopiesChanged, type Plan, targetOf } from './target.ts'

/** So that copies of one shard don't take what they remember from each other, each number has an instance of its own. */
const instances = (projections: readonly Projection[]): ((copy: Copy) => Projection | undefined) => {
  const known = new Map<string, Projection>()
  return ({ projection: name, version, number }) => {
    const key = `${name} ${number}`
    const code = known.get(key) ?? projections.find((each) => each.name === name && each.version === version)
    if (code === undefined) return undefined
    const instance = known.has(key) || number === 1 ? code : code.anew()
    known.set(key, instance)
    return instance
  }
}

/**
 * All copies of a server's shards that have come up to the log, the live ones and those beside them. One of a version that
 * this program has no code for is left to others.
 */
export const followed = async (
  sql: Sql,
  server: ReadModelServer,
  projections: readonly Projection[],
): Promise<Plan> => {
  const names = [...new Set(projections.map(({ name }) => name))]
  const caughtUp = async (within: Sql): Promise<readonly Copy[]> =>
    (await readCopies(within, server.shards, names)).filter(({ state }) => state === 'caughtUp')
  const copies = await caughtUp(sql)
  const instanceOf = instances(projections)
  const planned = JSON.stringify(copies)
  return {
    targets: copies.flatMap((copy) => {
      const projection = instanceOf(copy)
      return projection === undefined ? [] : [targetOf(copy, projection)]
    }),
    confirm: async (within) => {
      if (JSON.stringify(await caughtUp(within)) !== planned) throw new CopiesChanged('the copies have changed')
    },
  }
}
