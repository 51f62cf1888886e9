import Type from 'typebox'
import { CurrencySchema } from '../domain/money.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { instant, span } from './instant.ts'
import { minPosition } from './min-position.ts'
import { newestFirst } from './newest-first.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { recordedBefore } from './recorded.ts'
import { selectSettlements, settlement, type SettlementRow } from './settlement.ts'
import { where } from './where.ts'

export const SettlementsQuery = Type.Object(
  {
    merchantId: Type.Optional(MerchantIdSchema),
    currency: Type.Optional(CurrencySchema),
    ...span,
    ...paging,
    ...minPosition,
    ...asOf,
  },
  { additionalProperties: false },
)
const parse = queryValidator(SettlementsQuery)

/** GET /v1/settlements: newest first. */
export const listSettlements =
  (reads: Reads): Route =>
  async (c) => {
    const { models, viewOf } = reads
    const { limit = defaultLimit, cursor, minPosition: least, asOf: past, ...filters } = parse(c.req.queries())
    const view = await viewOf({ asOf: past, minPosition: least, cursor })
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'settlements', ...filters, merchantId, asOf: view.asOf }
    const before = await recordedBefore(reads, schemas, view.asOf, 'created_at')
    const { position, rows } = await models.read<SettlementRow>(
      {
        projection: 'journal',
        schemas,
        select: selectSettlements,
        where: where(
          condition,
          ['currency = ?', filters.currency],
          ['created_at >= ?', instant('from', filters.from)],
          ['created_at < ?', instant('to', filters.to)],
          ...before,
          ...newestFirst.after(asked, view.cursor),
        ),
        order: newestFirst.order,
        limit: limit + 1,
      },
      view.wanted,
    )
    const page = pageOf(rows, limit, asked, newestFirst.key)
    return answerPage(c, page.rows.map(settlement), page.nextCursor, view.asOf?.position ?? position, view.asOf)
  }
