import Type from 'typebox'
import { MerchantIdSchema } from '../domain/text.ts'
import { json } from '../http/json.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { dailyAsOf } from './daily-as-of.ts'
import { firstDayFrom, instant, span } from './instant.ts'
import { minPosition } from './min-position.ts'
import { keyOf } from './page-cursor.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { recordedUpTo } from './recorded.ts'
import { where } from './where.ts'

export const DailyQuery = Type.Object(
  { merchantId: Type.Optional(MerchantIdSchema), ...span, ...paging, ...minPosition, ...asOf },
  { additionalProperties: false },
)
const parse = queryValidator(DailyQuery)

const closed = { additionalProperties: false } as const
const Sum = Type.Object({ count: Type.Integer(), amount: Type.Integer({ description: 'Minor units' }) }, closed)

/** What happened to a merchant's payments in one currency on one day (UTC). */
export const DailySchema = Type.Object(
  {
    merchantId: Type.String(),
    day: Type.String({ format: 'date' }),
    currency: Type.String(),
    authorized: Sum,
    captured: Sum,
    refunded: Sum,
    disputed: Sum,
    fees: Sum,
  },
  closed,
)

/** What is summed of a day. */
export type DaySum = `${'authorized' | 'captured' | 'refunded' | 'disputed' | 'fees'}_${'count' | 'amount'}`

/** A merchant's day; sums in minor units. */
export type DayRow = { readonly merchant_id: string; readonly day: string; readonly currency: string } & {
  readonly [sum in DaySum]: bigint
}

const select = (schema: string, condition: string): string => `
  select merchant_id, day, currency,
    authorized_count, authorized_amount, captured_count, captured_amount, refunded_count, refunded_amount,
    disputed_count, disputed_amount, fees_count, fees_amount
  from ${schema}.merchant_daily_totals where ${condition}`

const total = (row: DayRow): string =>
  json({
    merchantId: row.merchant_id,
    day: row.day,
    currency: row.currency,
    authorized: { count: row.authorized_count, amount: row.authorized_amount },
    captured: { count: row.captured_count, amount: row.captured_amount },
    refunded: { count: row.refunded_count, amount: row.refunded_amount },
    disputed: { count: row.disputed_count, amount: row.disputed_amount },
    fees: { count: row.fees_count, amount: row.fees_amount },
  })

/** GET /v1/reports/daily: by day, merchant and currency; the days that begin in the span. */
export const listDaily =
  (reads: Reads): Route =>
  async (c) => {
    const { models, viewOf } = reads
    const { limit = defaultLimit, cursor, minPosition: least, asOf: past, ...filters } = parse(c.req.queries())
    const view = await viewOf({ asOf: past, minPosition: least, cursor })
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'daily', ...filters, merchantId, asOf: view.asOf }
    const [day, merchant, currency] =
      view.cursor === undefined
        ? []
        : keyOf(asked, view.cursor, /^(\d{4}-\d{2}-\d{2}) ([A-Za-z0-9_-]{1,64}) ([A-Z]{3})$/)
    const upTo = view.asOf && (await recordedUpTo(reads, schemas, view.asOf.position))
    if (view.asOf !== undefined && upTo?.latest === undefined)
      return answerPage(c, [], null, view.asOf.position, view.asOf)
    const { position, rows } = await models.read<DayRow>(
      {
        projection: 'journal',
        schemas,
        select,
        where: where(
          condition,
          ['day >= ?', firstDayFrom(instant('from', filters.from))],
          ['day < ?', firstDayFrom(instant('to', filters.to))],
          ['day <= ?', upTo?.latest?.toISOString().slice(0, 10)],
          ['(day, merchant_id, currency) > (?, ?, ?)', day, merchant, currency],
        ),
        order: [
          ['day', 'asc'],
          ['merchant_id', 'asc'],
          ['currency', 'asc'],
        ],
        limit: limit + 1,
      },
      view.wanted,
    )
    const page = pageOf(rows, limit, asked, (row) => `${row.day} ${row.merchant_id} ${row.currency}`)
    if (view.asOf === undefined) return answerPage(c, page.rows.map(total), page.nextCursor, position)
    const were = await dailyAsOf(reads, schemas, view.asOf.position, page.rows)
    return answerPage(c, were.map(total), page.nextCursor, view.asOf.position, view.asOf)
  }
