import Type from 'typebox'
import type { Position } from '../domain/position.ts'
import { accounts } from '../domain/posting.ts'
import { MerchantIdSchema } from '../domain/text.ts'
import { answerJson } from '../http/answer-json.ts'
import { json } from '../http/json.ts'
import { queryValidator } from '../http/validate.ts'
import { accountSums } from './account-sums.ts'
import { headersOf, type Route } from './answer.ts'
import { asOf, AsOfSchema } from './as-of.ts'
import { layers } from './entries.ts'
import { minPosition } from './min-position.ts'
import { type Reach, reach } from './reach.ts'
import type { Reads } from './reads.ts'
import { sumsUpTo } from './sums-up-to.ts'
import { type Condition, where } from './where.ts'

export const TrialBalanceQuery = Type.Object(
  { merchantId: Type.Optional(MerchantIdSchema), ...minPosition, ...asOf },
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
    asOf: Type.Optional(AsOfSchema),
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

type Books = { readonly position: Position; readonly rows: readonly Row[] }

const now = ({ models }: Reads, { schemas, condition }: Reach, wanted: Position | undefined): Promise<Books> =>
  models.read<Row>({ projection: 'journal', schemas, select, where: where(condition) }, wanted)

/** Of all merchants together there are sums; of these one is not asked for by name. */
const then = async (reads: Reads, { schemas, merchantId, condition }: Reach, position: Position): Promise<Books> => {
  const ofWhom: readonly Condition[] = merchantId === undefined ? [["merchant_id = ''"], condition] : [condition]
  const sums = accountSums('account, currency, layer', ofWhom, [condition])
  return { position, rows: await sumsUpTo<Row>(reads, schemas, position, sums) }
}

/** GET /v1/ledger/trial-balance: of all shards, in one snapshot. */
export const getTrialBalance =
  (reads: Reads): Route =>
  async (c) => {
    const { merchantId, ...given } = parse(c.req.queries())
    const { asOf: past, wanted } = await reads.viewOf(given)
    const reached = reach(reads.models.shards, c.get('principal'), merchantId)
    const { position, rows } = await (past === undefined
      ? now(reads, reached, wanted)
      : then(reads, reached, past.position))
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
    const text = json(past === undefined ? body : { ...body, asOf: past })
    return answerJson(c, text, 200, headersOf(position, past))
  }
