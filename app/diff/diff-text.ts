import type { Diff } from './diff.ts'
import type { Transitions } from './transitions.ts'

type Cell = string | bigint | number

const text = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.toLocaleString('en-US'))

/** Rows under their heads; numbers to the right. */
const table = (heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] => {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => text(row[column] ?? '').length)),
  )
  const isNumber = (column: number): boolean => typeof rows[0]?.[column] !== 'string'
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, column) =>
        isNumber(column) ? text(cell).padStart(widths[column] ?? 0) : text(cell).padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [line(heads), ...rows.map(line)].map((each) => `  ${each}`)
}

const section = (
  title: string,
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  total: number,
): string[] => {
  if (rows.length === 0) return [`${title}: none`, '']
  const left = total - rows.length
  return [title, ...table(heads, rows), ...(left > 0 ? [`  … and ${left.toLocaleString('en-US')} more`] : []), '']
}

const transitions = (name: string, { total, counts, first }: Transitions): string[] => [
  ...section(`${name} by change of status`, ['change', 'count'], [...counts], counts.size),
  ...section(
    name,
    ['id', 'was', 'is'],
    first.map(({ id, from, to }) => [id, from ?? 'not there', to]),
    total,
  ),
]

const balance = ({ totals }: Diff): string[] => {
  const broken = totals.filter(({ debit, credit }) => debit !== credit)
  if (broken.length === 0) return ['Debits equal credits in every currency and layer: the changes sum to zero.']
  return broken.map(
    ({ currency, layer, debit, credit }) =>
      `NOT ZERO: ${currency}, ${layer}: debits less credits are ${text(debit - credit)}. Something is broken.`,
  )
}

/** A diff for people, line by line; amounts in minor units. */
export const diffText = (diff: Diff): readonly string[] => [
  `From ${diff.from} to ${diff.to}; amounts in minor units`,
  '',
  ...section(
    'Accounts',
    ['currency', 'layer', 'account', 'debit', 'credit', 'net'],
    diff.movements.map(({ currency, layer, account, debit, credit }) => [
      currency,
      layer,
      account,
      debit,
      credit,
      debit - credit,
    ]),
    diff.movements.length,
  ),
  ...section(
    'Merchants, by how much each balance changed',
    ['merchant', 'currency', 'pending', 'available', 'in transit', 'disputed'],
    diff.merchants.first.map(({ merchantId, currency, pending, available, inTransit, disputed }) => [
      merchantId,
      currency,
      pending,
      available,
      inTransit,
      disputed,
    ]),
    diff.merchants.total,
  ),
  ...section('Events', ['type', 'count'], diff.events, diff.events.length),
  ...transitions('Payments', diff.payments),
  ...transitions('Payouts', diff.payouts),
  ...section(
    'Settlements',
    ['id', 'merchant', 'currency', 'net'],
    diff.settlements.first.map(({ id, merchantId, currency, net }) => [id, merchantId, currency, net]),
    diff.settlements.total,
  ),
  ...balance(diff),
]
