import Type from 'typebox'
import { CurrencySchema } from '../domain/money.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { json } from '../http/json.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { minPosition } from './min-position.ts'
import { keyOf } from './page-cursor.ts'
import { balancesAsOf } from './balances-as-of.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { where } from './where.ts'

export const BalancesQuery = Type.Object(
  {
    merchantId: Type.Optional(MerchantIdSchema),
    currency: Type.Optional(CurrencySchema),
    ...paging,
    ...minPosition,
    ...asOf,
  },
  { additionalProperties: false },
)
const parse = queryValidator(BalancesQuery)

const Minor = (description: string) => Type.Integer({ description: `Minor units; ${description}` })

/** What the house owes a merchant in one currency. */
export const BalanceSchema = Type.Object(
  {
    merchantId: Type.String(),
    currency: Type.String(),
    pending: Minor('captured, not yet settled'),
    available: Minor('settled, can be paid out; negative after refunds of what was already paid out'),
    inTransit: Minor('on its way in payouts'),
    disputed: Minor('held back by open disputes'),
  },
  { additionalProperties: false },
)

/** Minor units. */
export type BalanceRow = {
  readonly merchant_id: string
  readonly currency: string
  readonly pending: string
  readonly available: string
  readonly in_transit: string
  readonly disputed: string
}

const select = (schema: string, condition: string): string => `
  select merchant_id, currency,
    coalesce(sum(credit - debit) filter (where account = 'merchantPending'), 0) as pending,
    coalesce(sum(credit - debit) filter (where account = 'merchantAvailable'), 0) as available,
    coalesce(sum(credit - debit) filter (where account = 'payoutsInTransit'), 0) as in_transit,
    coalesce(sum(credit - debit) filter (where account = 'disputes'), 0) as disputed
  from ${schema}.account_balances
  where layer = 'posted' and ${condition}
  group by merchant_id, currency`

const balance = (row: BalanceRow): string =>
  json({
    merchantId: row.merchant_id,
    currency: row.currency,
    pending: BigInt(row.pending),
    available: BigInt(row.available),
    inTransit: BigInt(row.in_transit),
    disputed: BigInt(row.disputed),
  })

/** GET /v1/balances: by merchant and currency. */
export const listBalances =
  (reads: Reads): Route =>
  async (c) => {
    const { models, viewOf } = reads
    const { limit = defaultLimit, cursor, minPosition: least, asOf: past, ...filters } = parse(c.req.queries())
    const view = await viewOf({ asOf: past, minPosition: least, cursor })
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'balances', currency: filters.currency, merchantId, asOf: view.asOf }
    const [merchant, currency] =
      view.cursor === undefined ? [] : keyOf(asked, view.cursor, /^([A-Za-z0-9_-]{1,64}) ([A-Z]{3})$/)
    const { position, rows } = await models.read<BalanceRow>(
      {
        projection: 'journal',
        schemas,
        select,
        where: where(
          condition,
          ['currency = ?', filters.currency],
          ['(merchant_id, currency) > (?, ?)', merchant, currency],
        ),
        order: [
          ['merchant_id', 'asc'],
          ['currency', 'asc'],
        ],
        limit: limit + 1,
      },
      view.wanted,
    )
    const page = pageOf(rows, limit, asked, (row) => `${row.merchant_id} ${row.currency}`)
    if (view.asOf === undefined) return answerPage(c, page.rows.map(balance), page.nextCursor, position)
    const were = await balancesAsOf(reads, schemas, view.asOf.position, page.rows)
    return answerPage(c, were.map(balance), page.nextCursor, view.asOf.position, view.asOf)
  }
