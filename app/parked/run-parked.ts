import type { Config } from '../../infra/config/load-config.ts'
import { createToken } from '../keys/create-token.ts'
import { StartError } from '../start-error.ts'
import { type Ask, askLedger } from './ask-ledger.ts'
import type { ParkedStreamResource } from './schemas.ts'

export type ParkedOptions = {
  readonly stream?: string
  readonly retry?: boolean
  readonly discard?: string
  readonly url?: string
  readonly key?: string
  readonly json?: boolean
}

const pageLimit = 1_000

const linesOf = ({ stream, discarded, copies }: ParkedStreamResource): readonly string[] => [
  `${stream}${discarded === null ? '' : `  discarded ${discarded.at} by ${discarded.by}: ${discarded.reason}`}`,
  ...copies.map(
    ({ shard, copy, live, position, revision, eventType, reason }) =>
      `  ${shard}, copy ${copy}${live ? ' (live)' : ''}: ${eventType} at ${position}, revision ${revision ?? '?'}: ${reason}`,
  ),
]

/** All streams that the projection has parked, a page at a time. */
async function* all(ask: Ask, path: string): AsyncGenerator<ParkedStreamResource> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page = (await ask('GET', `${path}?limit=${pageLimit}${query}`)) as {
      readonly data: readonly ParkedStreamResource[]
      readonly nextCursor: string | null
    }
    yield* page.data
    cursor = page.nextCursor
  }
}

/** How many are still parked. */
const retry = async (ask: Ask, path: string, streams: readonly string[]): Promise<number> => {
  let left = 0
  for (const [index, stream] of streams.entries()) {
    const { parked } = (await ask('POST', `${path}/${encodeURIComponent(stream)}/retry`, {})) as {
      readonly parked: ParkedStreamResource | null
    }
    if (parked !== null) left += 1
    const result = parked === null ? `${stream}: followed again` : linesOf(parked).join('\n')
    process.stdout.write(`${index + 1} of ${streams.length}: ${result}\n`)
  }
  return left
}

/** Lists, shows, tries again or discards what a projection has parked. Returns the exit code: 1 where something is left parked. */
export const runParked = async (config: Config, projection: string, options: ParkedOptions): Promise<number> => {
  const { stream, discard, json } = options
  if (discard !== undefined && (stream === undefined || options.retry))
    throw new StartError('--discard is for one stream, that --stream names, and not with --retry')
  const key = options.key ?? (await createToken(config, { role: 'operator', expires: '15m' }))
  const ask = await askLedger(options.url ?? `http://127.0.0.1:${config.PORT}`, key)
  const path = `/v1/projections/${encodeURIComponent(projection)}/parked`

  if (options.retry) {
    const streams: string[] = stream === undefined ? [] : [stream]
    if (stream === undefined)
      for await (const parked of all(ask, path)) if (parked.discarded === null) streams.push(parked.stream)
    return (await retry(ask, path, streams)) === 0 ? 0 : 1
  }
  if (stream !== undefined) {
    const one = `${path}/${encodeURIComponent(stream)}`
    const found = await (discard === undefined ? ask('GET', one) : ask('POST', `${one}/discard`, { reason: discard }))
    process.stdout.write(`${JSON.stringify(found, null, 2)}\n`)
    return 0
  }
  let count = 0
  for await (const parked of all(ask, path)) {
    if (parked.discarded === null) count += 1
    process.stdout.write(`${json ? JSON.stringify(parked) : linesOf(parked).join('\n')}\n`)
  }
  if (!json) process.stdout.write(`${count} parked\n`)
  return count === 0 ? 0 : 1
}
