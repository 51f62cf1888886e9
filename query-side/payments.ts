import Type from 'typebox'
import { methodTypes } from '../domain/payment/method.ts'
import { paymentStatuses } from '../domain/payment/status.ts'
import { MerchantIdSchema, Text } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { openedDocuments } from '../personal/opening.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { instant, span } from './instant.ts'
import { minPosition } from './min-position.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { newestFirst, type NewestFirstRow } from './newest-first.ts'
import { transactionsAsOf } from './transactions-as-of.ts'
import { type Condition, where } from './where.ts'

export const PaymentsQuery = Type.Object(
  {
    status: Type.Optional(Type.Enum(paymentStatuses)),
    method: Type.Optional(Type.Enum(methodTypes)),
    gateway: Type.Optional(Text(40)),
    customerId: Type.Optional(Text(100)),
    merchantId: Type.Optional(MerchantIdSchema),
    ...span,
    ...paging,
    ...minPosition,
    ...asOf,
  },
  { additionalProperties: false },
)
const parse = queryValidator(PaymentsQuery)

type Row = NewestFirstRow & { readonly document: string }

const select = (schema: string, condition: string): string => `
  select id, created_at, document from ${schema}.payments where ${condition}`

/**
 * Planning a list over all partitions takes longer than reading a page of it. What is asked for most is prepared: with
 * more filters or any limit there would be too many statements for each connection to keep.
 */
const mostPrepared = 1

/** GET /v1/payments: newest first. */
export const listPayments =
  (reads: Reads): Route =>
  async (c) => {
    const { models, viewOf } = reads
    const { limit = defaultLimit, cursor, minPosition: least, asOf: past, ...filters } = parse(c.req.queries())
    const view = await viewOf({ asOf: past, minPosition: least, cursor })
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'payments', ...filters, merchantId, asOf: view.asOf }
    const conditions: readonly Condition[] = [
      condition,
      ['method = ?', filters.method],
      ['gateway = ?', filters.gateway],
      ['customer_id = ?', filters.customerId],
      ['created_at >= ?', instant('from', filters.from)],
      ['created_at < ?', instant('to', filters.to)],
    ]
    if (view.asOf !== undefined) {
      const { position } = view.asOf
      const wanted = { schemas, conditions, status: filters.status, limit, asked, cursor: view.cursor }
      const page = await transactionsAsOf(reads, 'payment', position, wanted)
      const entries = await openedDocuments('payment', page.rows, reads.keys)
      return answerPage(c, entries, page.nextCursor, position, view.asOf)
    }
    const { position, rows } = await models.read<Row>(
      {
        prepared: limit === defaultLimit && Object.keys(filters).length <= mostPrepared,
        projection: 'payments',
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
    return answerPage(c, await openedDocuments('payment', documents, reads.keys), page.nextCursor, position)
  }
