import Type from 'typebox'
import { accounts } from '../domain/posting.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { answerJson } from '../http/answer-json.ts'
import { json } from '../http/json.ts'
import { positionHeader } from '../http/position-header.ts'
import { queryValidator } from '../http/validate.ts'
import type { Route } from './answer.ts'
import { layers } from './entries.ts'
import { minPosition, wantedPosition } from './min-position.ts'
import { reach } from './reach.ts'
import type { ReadModels } from './read-models.ts'
import { where } from './where.ts'

export const TrialBalanceQuery = Type.Object(
  { merchantId: Type.Optional(MerchantIdSchema), ...minPosition },
  { additionalProperties: false },
)
const parse = queryValidator(TrialBalanceQuery)

const closed = { additionalProperties: false } as const
const sides = {
  currency: Type.String(),
  layer: Type.Enum(layers),
  debit: Type.Integer({ description: 'Minor units; the sum of all debits' }),
  credit: Type.Integer({ description: 'Minor units; the sum of all credits' }),
}

/** All accounts, and their totals. */
export const TrialBalanceSchema = Type.Object(
  {
    data: Type.Array(Type.Object({ account: Type.Enum(accounts), ...sides }, closed)),
    totals: Type.Array(
      Type.Object(
        { ...sides, difference: Type.Integer({ description: 'debit − credit: 0, or something is broken' }) },
        closed,
      ),
    ),
  },
  closed,
)

type Row = {
  readonly account: string
  readonly currency: string
  readonly layer: string
  readonly debit: string
  readonly credit: string
}
type Sides = { readonly debit: bigint; readonly credit: bigint }

const select = (schema: string, condition: string): string => `
  select account, currency, layer, sum(debit) as debit, sum(credit) as credit
  from ${schema}.account_balances
  where ${condition}
  group by account, currency, layer`

/** Adds up the rows that are alike, as `columns` names them; sorted by these names. */
const sum = (rows: readonly Row[], columns: (row: Row) => readonly string[]): (Omit<Row, keyof Sides> & Sides)[] => {
  const sums = new Map<string, Omit<Row, keyof Sides> & Sides>()
  for (const row of rows) {
    const name = columns(row).join(' ')
    const { debit = 0n, credit = 0n } = sums.get(name) ?? {}
    sums.set(name, { ...row, debit: debit + BigInt(row.debit), credit: credit + BigInt(row.credit) })
  }
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each)
}

const byAccount = ({ currency, layer, account }: Row) => [currency, layer, account]
const byLayer = ({ currency, layer }: Row) => [currency, layer]

/** GET /v1/ledger/trial-balance: of all shards, in one snapshot. */
export const getTrialBalance =
  (models: ReadModels): Route =>
  async (c) => {
    const { merchantId, minPosition: wanted } = parse(c.req.queries())
    const { schemas, condition } = reach(models.shards, c.get('principal'), merchantId)
    const { position, rows } = await models.read<Row>(
      { projection: 'journal', schemas, select, where: where(condition) },
      wantedPosition(wanted),
    )
    const body = {
      data: sum(rows, byAccount).map(({ account, currency, layer, debit, credit }) => ({
        account,
        currency,
        layer,
        debit,
        credit,
      })),
      totals: sum(rows, byLayer).map(({ currency, layer, debit, credit }) => ({
        currency,
        layer,
        debit,
        credit,
        difference: debit - credit,
      })),
    }
    return answerJson(c, json(body), 200, { [positionHeader]: position })
  }
