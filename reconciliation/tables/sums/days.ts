import { columns, type Total, totals } from '../../../projections/journal/add-to-daily-totals.ts'

/** The lines of the journal that a total of a day sums, and those of them that it counts. */
type Lines = { readonly summed: string; readonly counted: string }

const lines: Readonly<Record<Total, Lines>> = {
  authorized: {
    summed: `kind in ('PaymentAuthorized', 'PaymentIncremented') and account = 'gatewayReceivable'`,
    counted: `kind = 'PaymentAuthorized' and account = 'gatewayReceivable'`,
  },
  captured: {
    summed: `kind = 'PaymentCaptured' and account = 'gatewayReceivable' and layer = 'posted'`,
    counted: `kind = 'PaymentCaptured' and account = 'gatewayReceivable' and layer = 'posted'`,
  },
  refunded: {
    summed: `kind = 'PaymentRefunded' and account = 'gatewayReceivable'`,
    counted: `kind = 'PaymentRefunded' and account = 'gatewayReceivable'`,
  },
  disputed: {
    summed: `kind = 'PaymentDisputeOpened' and account = 'disputes'`,
    counted: `kind = 'PaymentDisputeOpened' and account = 'disputes'`,
  },
  fees: {
    summed: `kind = 'PaymentCaptured' and account = 'fees'`,
    counted: `kind = 'PaymentCaptured' and account = 'fees'`,
  },
}

/** The columns of totals. */
export const dayColumns = columns

/** SQL of each of them over lines of the journal. */
export const daySums: readonly string[] = totals.flatMap((total) => {
  const { summed, counted } = lines[total]
  return [`count(*) filter (where ${counted})`, `coalesce(sum(abs(amount)) filter (where ${summed}), 0)`]
})

/** SQL of the lines that any of them is about. */
export const ofDays = totals.map((total) => `(${lines[total].summed})`).join(' or ')

/** SQL of a line's day (UTC). */
export const day = `(recorded_at at time zone 'UTC')::date`
