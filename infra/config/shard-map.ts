import type { ServerPlace, ShardMap } from '../postgres/shard-map.ts'
import { ConfigError } from './config-error.ts'
import { hostList, hostText } from './host-list.ts'

const wrong = (what: string): ConfigError => new ConfigError(`SHARD_MAP ${what}`)

/** `3`, `0-4`, or several of them with commas between. */
const shardsOf = (text: string, count: number): readonly number[] =>
  text.split(',').flatMap((part) => {
    const [, first, last] = /^\s*(\d{1,9})(?:-(\d{1,9}))?\s*$/.exec(part) ?? []
    if (first === undefined) throw wrong(`has "${part.trim()}" where shards should be: 3 or 0-4`)
    const [from, to] = [Number(first), Number(last ?? first)]
    if (to < from) throw wrong(`has ${from}-${to}, which runs backwards`)
    if (to >= count) throw wrong(`names shard ${to}, but with SHARDS=${count} the last one is ${count - 1}`)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })

const serverOf = (entry: string, count: number, defaultPort: number): ServerPlace => {
  const [shards, hosts, ...more] = entry.split('=')
  if (shards === undefined || hosts === undefined || more.length > 0) {
    throw wrong(`has "${entry}", which is not of the form 0-4=host,host`)
  }
  try {
    return { shards: shardsOf(shards, count), hosts: hostList(hosts, defaultPort) }
  } catch (error) {
    if (error instanceof RangeError) throw wrong(`for shards ${shards.trim()}: ${error.message}`)
    throw error
  }
}

const firstTwice = <T>(all: readonly T[]): T | undefined => all.find((each, index) => all.indexOf(each) !== index)

/**
 * `0-4=pg-a:5432,pg-a2:5432;5-9=pg-b:5432` as servers, in their order; each of `count` shards is on one of them. Throws a
 * `ConfigError` that names the shard or the host which is wrong.
 */
export const parseShardMap = (text: string, count: number, defaultPort = 5432): ShardMap => {
  const entries = text.split(';').map((entry) => entry.trim())
  const servers = entries.filter((entry) => entry !== '').map((entry) => serverOf(entry, count, defaultPort))
  const shards = servers.flatMap((server) => server.shards)
  const twice = firstTwice(shards)
  if (twice !== undefined) throw wrong(`names shard ${twice} twice`)
  const there = new Set(shards)
  const missing = Array.from({ length: count }, (_, shard) => shard).find((shard) => !there.has(shard))
  if (missing !== undefined) throw wrong(`leaves out shard ${missing}`)
  const host = firstTwice(servers.flatMap((server) => server.hosts.map(hostText)))
  if (host !== undefined) throw wrong(`names ${host} for two servers`)
  return servers
}
