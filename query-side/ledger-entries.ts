import Type from 'typebox'
import { CurrencySchema } from '../domain/money.ts'
import { accounts } from '../domain/posting.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { entries, type EntryRow, layers } from './entries.ts'
import { instant, span } from './instant.ts'
import { minPosition, wantedPosition } from './min-position.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { ReadModels } from './read-models.ts'
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
  },
  { additionalProperties: false },
)
const parse = queryValidator(LedgerEntriesQuery)

/** GET /v1/ledger/entries: the journal, newest first. */
export const listLedgerEntries =
  (models: ReadModels): Route =>
  async (c) => {
    const { limit = defaultLimit, cursor, minPosition: wanted, ...filters } = parse(c.req.queries())
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'), filters.merchantId)
    const asked = { list: 'entries', ...filters, merchantId }
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
          ...entries.after(asked, cursor),
        ),
        order: entries.order,
        limit: limit + 1,
      },
      wantedPosition(wanted),
    )
    const page = pageOf(rows, limit, asked, entries.key)
    return answerPage(c, page.rows.map(entries.entry), page.nextCursor, position)
  }
