import Type from 'typebox'
import { payoutStatuses } from '../domain/payout/state.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { openedDocuments } from '../personal/opening.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { instant, span } from './instant.ts'
import { minPosition } from './min-position.ts'
import { newestFirst, type NewestFirstRow } from './newest-first.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { transactionsAsOf } from './transactions-as-of.ts'
import { type Condition, where } from './where.ts'

export const PayoutsQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(payoutStatuses)),
    merchantId: Type.Optional(MerchantIdSchema),
    ...span,
    ...paging,
    ...minPosition,
    ...asOf,
  },
  { additionalProperties: false },
)
const parse = queryValidator(PayoutsQuery)

type Row = NewestFirstRow & { readonly document: string }

const select = (schema: string, condition: string): string => `
  select id, created_at, document from ${schema}.payouts where ${condition}`

/** GET /v1/payouts: newest first. */
export const listPayouts =
  (reads: Reads): Route =>
  async (c) => {
    const { models, viewOf } = reads
    const { limit = defaultLimit, cursor, minPosition: least, asOf: past, ...filters } = parse(c.req.queries())
    const view = await viewOf({ asOf: past, minPosition: least, cursor })
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'payouts', ...filters, merchantId, asOf: view.asOf }
    const conditions: readonly Condition[] = [
      condition,
      ['created_at >= ?', instant('from', filters.from)],
      ['created_at < ?', instant('to', filters.to)],
    ]
    if (view.asOf !== undefined) {
      const { position } = view.asOf
      const wanted = { schemas, conditions, status: filters.status, limit, asked, cursor: view.cursor }
      const page = await transactionsAsOf(reads, 'payout', position, wanted)
      const entries = await openedDocuments('payout', page.rows, reads.keys)
      return answerPage(c, entries, page.nextCursor, position, view.asOf)
    }
    const { position, rows } = await models.read<Row>(
      {
        projection: 'payouts',
        schemas,
        select,
        where: where(...conditions, ...newestFirst.after(asked, view.cursor), ['status = ?', filters.status]),
        order: newestFirst.order,
        limit: limit + 1,
      },
      view.wanted,
    )
    const page = pageOf(rows, limit, asked, newestFirst.key)
    const documents = page.rows.map(({ document }) => document)
    return answerPage(c, await openedDocuments('payout', documents, reads.keys), page.nextCursor, position)
  }
