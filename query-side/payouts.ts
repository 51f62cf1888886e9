import Type from 'typebox'
import { payoutStatuses } from '../domain/payout/state.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { instant, span } from './instant.ts'
import { minPosition, wantedPosition } from './min-position.ts'
import { newestFirst, type NewestFirstRow } from './newest-first.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { ReadModels } from './read-models.ts'
import { where } from './where.ts'

export const PayoutsQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(payoutStatuses)),
    merchantId: Type.Optional(MerchantIdSchema),
    ...span,
    ...paging,
    ...minPosition,
  },
  { additionalProperties: false },
)
const parse = queryValidator(PayoutsQuery)

type Row = NewestFirstRow & { readonly document: string }

const select = (schema: string, condition: string): string => `
  select id, created_at, document from ${schema}.payouts where ${condition}`

/** GET /v1/payouts: newest first. */
export const listPayouts =
  (models: ReadModels): Route =>
  async (c) => {
    const { limit = defaultLimit, cursor, minPosition: wanted, ...filters } = parse(c.req.queries())
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'payouts', ...filters, merchantId }
    const { position, rows } = await models.read<Row>(
      {
        projection: 'payouts',
        schemas,
        select,
        where: where(
          condition,
          ['status = ?', filters.status],
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
    return answerPage(
      c,
      page.rows.map(({ document }) => document),
      page.nextCursor,
      position,
    )
  }
