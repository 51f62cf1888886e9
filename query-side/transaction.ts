import Type from 'typebox'
import { type Position, reached } from '../domain/position.ts'
import type { Principal } from '../http/principal.ts'
import { queryValidator } from '../http/validate.ts'
import type { KeyReader } from '../personal/key-store.ts'
import { openedDocuments } from '../personal/opening.ts'
import { answerResource, type Found, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { minPosition } from './min-position.ts'
import { mayRead, reach } from './reach.ts'
import type { ReadModels } from './read-models.ts'
import type { Reads } from './reads.ts'
import { resourceNotFound, uuidIn } from './resource-id.ts'
import type { CachedTransaction, StatusCache } from './status-cache.ts'
import { transactionAsOf } from './transaction-as-of.ts'
import { where } from './where.ts'

export const ResourceQuery = Type.Object({ ...minPosition, ...asOf }, { additionalProperties: false })
const parse = queryValidator(ResourceQuery)

type Row = { readonly document: string; readonly merchant_id: string; readonly revision: number }

const tables = { payment: 'payments', payout: 'payouts' } as const
type Kind = keyof typeof tables

const selectFrom =
  (kind: Kind) =>
  (schema: string, condition: string): string =>
    `
  select document, merchant_id, revision from ${schema}.${tables[kind]} where ${condition}`

const isNewEnough = ({ position }: CachedTransaction, wanted: Position | undefined): boolean =>
  wanted === undefined || reached(position, wanted)

const fromShards = async (
  models: ReadModels,
  kind: Kind,
  { id, uuid }: { readonly id: string; readonly uuid: string },
  principal: Principal,
  wanted: Position | undefined,
): Promise<CachedTransaction> => {
  const { schemas, condition } = reach(models.shards, principal)
  const { position, rows } = await models.read<Row>(
    {
      prepared: true,
      projection: tables[kind],
      schemas,
      select: selectFrom(kind),
      where: where(['id = ?', uuid], condition),
    },
    wanted,
  )
  const [row] = rows
  if (row === undefined) throw resourceNotFound(kind, position)
  return { id, version: row.revision, merchantId: row.merchant_id, position, document: row.document }
}

/** The resource as it may be shown. It is opened for each answer: what is cached is what is stored. */
const opened = async (keys: KeyReader, kind: Kind, found: Found): Promise<Found> => {
  const [document = found.document] = await openedDocuments(kind, [found.document], keys)
  return { ...found, document }
}

/**
 * GET /v1/payments/:id and /v1/payouts/:id: from the cache, or else from the shards, which fills the cache; as it was, from
 * its stream.
 */
export const getTransaction =
  ({ models, history, keys, viewOf }: Reads, cache: StatusCache, kind: Kind): Route =>
  async (c) => {
    const id = c.req.param('id') ?? ''
    const { asOf: past, wanted } = await viewOf(parse(c.req.queries()))
    const uuid = uuidIn(kind, id)
    if (uuid === undefined) throw resourceNotFound(kind)
    const principal = c.get('principal')
    if (past !== undefined) {
      const { position } = past
      const was = await transactionAsOf(history, kind, id, position)
      if (was === undefined || !mayRead(principal, was.merchantId)) throw resourceNotFound(kind, position, past)
      return answerResource(c, await opened(keys, kind, { ...was, position }), past)
    }
    let found = await cache.get(id)
    if (found === undefined || !isNewEnough(found, wanted)) {
      found = await fromShards(models, kind, { id, uuid }, principal, wanted)
      await cache.put(found)
    }
    if (!mayRead(principal, found.merchantId)) throw resourceNotFound(kind, found.position)
    const { document, version: revision, position } = found
    return answerResource(c, await opened(keys, kind, { document, revision, position }))
  }
