import Type from 'typebox'
import { CurrencySchema } from '../domain/money.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { instant, span } from './instant.ts'
import { minPosition, wantedPosition } from './min-position.ts'
import { newestFirst } from './newest-first.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { ReadModels } from './read-models.ts'
import { selectSettlements, settlement, type SettlementRow } from './settlement.ts'
import { where } from './where.ts'

export const SettlementsQuery = Type.Object(
  {
    merchantId: Type.Optional(MerchantIdSchema),
    currency: Type.Optional(CurrencySchema),
    ...span,
    ...paging,
    ...minPosition,
  },
  { additionalProperties: false },
)
const parse = queryValidator(SettlementsQuery)

/** GET /v1/settlements: newest first. */
export const listSettlements =
  (models: ReadModels): Route =>
  async (c) => {
    const { limit = defaultLimit, cursor, minPosition: wanted, ...filters } = parse(c.req.queries())
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'settlements', ...filters, merchantId }
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
          ...newestFirst.after(asked, cursor),
        ),
        order: newestFirst.order,
        limit: limit + 1,
      },
      wantedPosition(wanted),
    )
    const page = pageOf(rows, limit, asked, newestFirst.key)
    return answerPage(c, page.rows.map(settlement), page.nextCursor, position)
  }
