import Type from 'typebox'
import { type Position, sequencesIn } from '../domain/position.ts'
import { queryValidator } from '../http/validate.ts'
import { answerPage, type Route } from './answer.ts'
import { asOf } from './as-of.ts'
import { entries, type EntryRow } from './entries.ts'
import { minPosition } from './min-position.ts'
import { defaultLimit, pageOf, paging } from './page.ts'
import { reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { upTo } from './recorded.ts'
import { resourceNotFound, uuidIn } from './resource-id.ts'
import { selectSettlements, type SettlementRow } from './settlement.ts'
import { type Condition, where } from './where.ts'

export const SettlementEntriesQuery = Type.Object(
  { ...paging, ...minPosition, ...asOf },
  { additionalProperties: false },
)
const parse = queryValidator(SettlementEntriesQuery)

/** Postings after `from`, up to and including `to`. */
const between = (from: Position, to: Position): Condition => {
  const after = sequencesIn(from)
  const logs = sequencesIn(to).map((upTo, log) => [log, after[log] ?? 0, upTo])
  return [`(${logs.map(() => '(log = ? and sequence > ? and sequence <= ?)').join(' or ')})`, ...logs.flat()]
}

/** GET /v1/settlements/:id/entries: the postings that the settlement covers, newest first. They add up to its net. */
export const listSettlementEntries =
  ({ models, viewOf }: Reads): Route =>
  async (c) => {
    const { limit = defaultLimit, ...given } = parse(c.req.queries())
    const { asOf: past, wanted, cursor } = await viewOf(given)
    const uuid = uuidIn('settlement', c.req.param('id') ?? '')
    if (uuid === undefined) throw resourceNotFound('settlement')
    const { schemas, merchantId, condition } = reach(models.shards, c.get('principal'))
    const both = await models.asOfNow()
    const found = await both.read<SettlementRow>(
      {
        projection: 'journal',
        schemas,
        select: selectSettlements,
        where: where(['id = ?', uuid], condition, ...upTo(past)),
      },
      wanted,
    )
    const [settlement] = found.rows
    if (settlement === undefined) throw resourceNotFound('settlement', past?.position ?? found.position, past)
    const asked = { list: 'settlementEntries', uuid, merchantId, asOf: past }
    const { position, rows } = await both.read<EntryRow>({
      projection: 'journal',
      schemas: [models.shards.of(settlement.merchant_id)],
      select: entries.select,
      where: where(
        ['merchant_id = ?', settlement.merchant_id],
        ["to_settle and account = 'merchantPending' and layer = 'posted'"],
        ['currency = ?', settlement.currency],
        between(settlement.from_position, settlement.to_position),
        ...upTo(past),
        ...entries.after(asked, cursor),
      ),
      order: entries.order,
      limit: limit + 1,
    })
    const page = pageOf(rows, limit, asked, entries.key)
    return answerPage(c, page.rows.map(entries.entry), page.nextCursor, past?.position ?? position, past)
  }
