import { createHash } from 'node:crypto'
import { exponentOf } from '../../infra/currencies.ts'
import { type Row, compile } from './expression.ts'
import { type Mapping, MappingError } from './mapping.ts'
import { minorUnits } from './minor-units.ts'
import { RowFault } from './row-fault.ts'

/** One line of a batch, or why the row cannot become one. */
export type Mapped =
  | { readonly type: 'line'; readonly line: string }
  | { readonly type: 'refused'; readonly reason: string }

/** What identifies a row, as a key of 47 characters: the same row of the same source always has the same. */
const keyOf = (source: string, identity: readonly string[]): string =>
  `import-${createHash('sha256')
    .update(JSON.stringify([source, ...identity]))
    .digest('hex')
    .slice(0, 40)}`

const columnIndex = (header: readonly string[]) => (column: string) => {
  const index = header.indexOf(column)
  if (index < 0) throw new MappingError(`the file has no column ${column} (it has ${header.join(', ')})`)
  return index
}

/** Rows of a file with this header to lines of a batch. Throws a `MappingError` where the two do not fit. */
export const createMapper = (mapping: Mapping, header: readonly string[]): ((row: Row) => Mapped) => {
  const indexOf = columnIndex(header)
  const noAmounts = () => {
    throw new MappingError('the currency cannot depend on an amount')
  }
  const currencyOf = compile(mapping.command['currency'], { indexOf, minorUnits: noAmounts }, 'command/currency')
  const inCurrency = (text: string, row: Row): number => {
    const currency = String(currencyOf(row))
    const exponent = exponentOf(currency)
    if (exponent === undefined) throw new RowFault(`“${currency}” is no currency`)
    return minorUnits(text, exponent, mapping.decimalMark)
  }
  const command = compile({ type: 'authorize', ...mapping.command }, { indexOf, minorUnits: inCurrency }, 'command')
  const identity = mapping.key.map(indexOf)
  return (row) => {
    if (row.length !== header.length) {
      return { type: 'refused', reason: `the row has ${row.length} fields, the header ${header.length}` }
    }
    try {
      const idempotencyKey = keyOf(
        mapping.source,
        identity.map((index) => row[index] ?? ''),
      )
      return { type: 'line', line: JSON.stringify({ idempotencyKey, ...Object(command(row)) }) }
    } catch (error) {
      if (error instanceof RowFault) return { type: 'refused', reason: error.message }
      throw error
    }
  }
}
