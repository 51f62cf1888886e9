import { json } from '../http/json.ts'
import { answerJson } from '../http/answer-json.ts'
import { queryValidator } from '../http/validate.ts'
import type { SettlementResource } from '../domain/merchant/settlement.ts'
import { headersOf, type Route } from './answer.ts'
import { ResourceQuery } from './transaction.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { upTo } from './recorded.ts'
import { resourceNotFound, uuidIn } from './resource-id.ts'
import { where } from './where.ts'

const parse = queryValidator(ResourceQuery)

export type SettlementRow = {
  readonly id: string
  readonly merchant_id: string
  readonly currency: string
  readonly gross: bigint
  readonly refunds: bigint
  readonly disputes: bigint
  readonly fees: bigint
  readonly net: bigint
  readonly payments: number
  readonly from_position: string
  readonly to_position: string
  readonly created_at: Date
}

export const selectSettlements = (schema: string, condition: string): string => `
  select id, merchant_id, currency, gross, refunds, disputes, fees, net, payments, from_position, to_position, created_at
  from ${schema}.settlements where ${condition}`

/** The settlement's JSON, as the command that made it answers it. */
export const settlement = (row: SettlementRow): string =>
  json({
    id: `st_${row.id.replaceAll('-', '')}`,
    merchantId: row.merchant_id,
    currency: row.currency,
    gross: row.gross,
    refunds: row.refunds,
    disputes: row.disputes,
    fees: row.fees,
    net: row.net,
    payments: row.payments,
    createdAt: row.created_at.toISOString(),
  } satisfies { [Member in keyof SettlementResource]: unknown })

/** GET /v1/settlements/:id. */
export const getSettlement =
  ({ models, viewOf }: Reads): Route =>
  async (c) => {
    const { asOf, wanted } = await viewOf(parse(c.req.queries()))
    const uuid = uuidIn('settlement', c.req.param('id') ?? '')
    if (uuid === undefined) throw resourceNotFound('settlement')
    const { schemas, condition } = reach(models.shards, c.get('principal'))
    const found = await models.read<SettlementRow>(
      {
        projection: 'journal',
        schemas,
        select: selectSettlements,
        where: where(['id = ?', uuid], condition, ...upTo(asOf)),
      },
      wanted,
    )
    const [row] = found.rows
    const position = asOf?.position ?? found.position
    if (row === undefined) throw resourceNotFound('settlement', position, asOf)
    return answerJson(c, settlement(row), 200, headersOf(position, asOf))
  }
