import Type from 'typebox'
import { CurrencySchema } from '../domain/money.ts'
import { accounts } from '../domain/posting.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { entries, type EntryRow, layers } from './entries.ts'
import { instant, span } from './instant.ts'
import { minPosition } from './min-position.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { recordedBefore } from './recorded.ts'
import { where } from './where.ts'

export const LedgerEntriesQuery = Type.Object(
  {
    account: Type.Optional(Type.Enum(accounts)),
    merchantId: Type.Optional(MerchantIdSchema),
    currency: Type.Optional(CurrencySchema),
    layer: Type.Optional(Type.Enum(layers)),
    ...span,
    ...paging,
    ...minPosition,
    ...asOf,
  },
  { additionalProperties: false },
)
const parse = queryValidator(LedgerEntriesQuery)

/** GET /v1/ledger/entries: the journal, newest first. */
export const listLedgerEntries =
  (reads: Reads): Route =>
  async (c) => {
    const { models, viewOf } = reads
    const { limit = defaultLimit, cursor, minPosition: least, asOf: past, ...filters } = parse(c.req.queries())
    const view = await viewOf({ asOf: past, minPosition: least, cursor })
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'entries', ...filters, merchantId, asOf: view.asOf }
    const before = await recordedBefore(reads, schemas, view.asOf, 'recorded_at')
    const { position, rows } = await models.read<EntryRow>(
      {
        projection: 'journal',
        schemas,
        select: entries.select,
        where: where(
          condition,
          ['account = ?', filters.account],
          ['currency = ?', filters.currency],
          ['layer = ?', filters.layer],
          ['recorded_at >= ?', instant('from', filters.from)],
          ['recorded_at < ?', instant('to', filters.to)],
          ...before,
          ...entries.after(asked, view.cursor),
        ),
        order: entries.order,
        limit: limit + 1,
      },
      view.wanted,
    )
    const page = pageOf(rows, limit, asked, entries.key)
    return answerPage(c, page.rows.map(entries.entry), page.nextCursor, view.asOf?.position ?? position, view.asOf)
  }
