import { afterAll, beforeAll, expect, test } from 'vitest'
import type { QuerySideDeps } from './main.ts'
import { appOf, asker, openStage, type Stage } from './testing/stage.ts'

let stage: Stage
let plan = ''
let deps: QuerySideDeps

const rows = 20_000

/** Rows over three months, made in the database: only how they are found is of interest. */
const fill = async (schema: string): Promise<void> => {
  for (const month of ['04', '05', '06'])
    for (const table of ['payments', 'journal'])
      await stage.pool.query(
        `create table if not exists ${schema}.${table}_2025_${month} partition of ${schema}.${table}
         for values from ('2025-${month}-01') to ('2025-${month}-01'::date + interval '1 month')`,
      )
  await stage.pool.query(
    `insert into ${schema}.payments
     select gen_random_uuid(), (n % 20)::text, (array['captured', 'refunded', 'declined'])[1 + n / 7 % 3],
       (array['upi', 'card'])[1 + n / 3 % 2], (array['sandbox', 'other'])[1 + n / 5 % 2], 'cus_' || n % 100, 'INR', 1,
       at, at, 2, 0, n, null, null, '{}', null
     from (select n, '2025-04-01'::timestamptz + n * interval '6 minutes' as at from generate_series(1, ${rows}) n) made`,
  )
  await stage.pool.query(
    `insert into ${schema}.journal
     select 0, n, gen_random_uuid(), 'PaymentCaptured', 'pay', (n / 2 % 20)::text, 'INR',
       '2025-04-01'::timestamptz + n * interval '6 minutes', true, array['merchantPending', 'bank'],
       array['posted', 'posted'], array[-1, 1]
     from generate_series(1, ${rows}) n`,
  )
  await stage.pool.query(`analyze ${schema}.payments; analyze ${schema}.journal`)
}

beforeAll(async () => {
  stage = await openStage()
  await stage.pause()
  for (const schema of stage.deps.shards.all) await fill(schema)
  const { shards } = stage.deps
  deps = {
    ...stage.deps,
    shards: {
      ...shards,
      ask: async (question) => {
        const { text, values } = question.statement(question.schemas)
        const explained = await stage.pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, [...values])
        plan = explained.rows.map((row) => row['QUERY PLAN']).join('\n')
        return shards.ask(question)
      },
    },
  }
})
afterAll(() => stage.close())

test.each([
  ['merchant 4', '', 'merchant_id_created_at'],
  ['merchant 4', 'status=refunded', 'merchant_id_status_created_at'],
  ['merchant 4', 'status=refunded&gateway=sandbox', 'merchant_id_(gateway_)?status_created_at'],
  ['merchant 4', 'method=card', 'merchant_id_created_at'],
  ['merchant 4', 'from=2025-05-01&to=2025-06-01', 'merchant_id_created_at'],
  ['finance', 'merchantId=4&status=captured', 'merchant_id_status_created_at'],
  ['finance', 'gateway=other', 'gateway_created_at'],
  ['finance', 'gateway=other&status=declined', 'gateway_created_at'],
  ['finance', 'customerId=cus_7', 'customer_id_created_at'],
])('%s finds a page of payments with "%s" by an index, and the next one', async (who, query, index) => {
  const ask = asker(appOf(deps))
  const first = await ask(who, `/v1/payments?limit=50&${query}`)
  expect(first.body.data).toHaveLength(50)
  for (const cursor of ['', `&cursor=${String(first.body['nextCursor'])}`]) {
    expect((await ask(who, `/v1/payments?limit=50&${query}${cursor}`)).status).toBe(200)
    expect(plan).toMatch(new RegExp(`Index Scan.* using payments_2025_\\d\\d_${index}_idx`))
    expect(plan).not.toMatch(/Seq Scan on payments/)
  }
})

test.each([
  ['merchant 4', '', 'merchant_id_recorded_at_sequence_idx'],
  ['merchant 4', 'account=merchantPending', 'merchant_id_recorded_at_sequence_idx'],
  ['merchant 4', 'from=2025-05-01&to=2025-06-01', 'merchant_id_recorded_at_sequence_idx'],
  ['finance', '', 'pkey'],
  ['finance', 'account=bank', 'pkey'],
  ['finance', 'from=2025-05-01&to=2025-05-03', 'pkey'],
])('%s finds a page of the journal with "%s" by an index, and the next one', async (who, query, index) => {
  const ask = asker(appOf(deps))
  const first = await ask(who, `/v1/ledger/entries?limit=50&${query}`)
  expect(first.body.data).toHaveLength(50)
  for (const cursor of ['', `&cursor=${String(first.body['nextCursor'])}`]) {
    expect((await ask(who, `/v1/ledger/entries?limit=50&${query}${cursor}`)).status).toBe(200)
    expect(plan).toMatch(new RegExp(`Index Scan.* using journal_2025_\\d\\d_${index}`))
    expect(plan).not.toMatch(/Seq Scan on journal/)
  }
})
