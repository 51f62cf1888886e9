import { holds } from './condition.ts'
import { MappingError, checked, operators } from './mapping.ts'
import { RowFault } from './row-fault.ts'

/** A row's fields, in the order of the header. */
export type Row = readonly string[]

/** What a place in a command gives for a row; undefined leaves the field out. */
export type Expression = (row: Row) => unknown

/** What expressions need to know of the file. */
export type Table = {
  /** Where a column stands; throws a `MappingError` for one that the file has not. */
  readonly indexOf: (column: string) => number
  /** Decimal text in minor units of the row's currency. */
  readonly minorUnits: (text: string, row: Row) => number
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (table: Table, column: string): ((row: Row) => string) => {
  const index = table.indexOf(column)
  return (row) => row[index] ?? ''
}

const column = (given: unknown, table: Table, at: string): Expression => {
  const { $column, values, otherwise } = checked(operators.$column, given, at)
  const text = textOf(table, $column)
  if (!values) return (row) => text(row) || otherwise
  const known = new Map(Object.entries(values))
  return (row) => {
    const value = known.get(text(row)) ?? otherwise
    if (value === undefined && text(row) !== '') throw new RowFault(`${$column} “${text(row)}” is not in the mapping`)
    return value
  }
}

const integer = (given: unknown, table: Table, at: string): Expression => {
  const { $integer } = checked(operators.$integer, given, at)
  const text = textOf(table, $integer)
  return (row) => {
    if (text(row) === '') return undefined
    const number = /^[+-]?\d+$/.test(text(row)) ? Number(text(row)) : Number.NaN
    if (!Number.isSafeInteger(number)) throw new RowFault(`${$integer} “${text(row)}” is no whole number`)
    return number
  }
}

const decimal = (given: unknown, table: Table, at: string): Expression => {
  const { $decimal } = checked(operators.$decimal, given, at)
  const text = textOf(table, $decimal)
  return (row) => (text(row) === '' ? undefined : table.minorUnits(text(row), row))
}

const join = (given: unknown, table: Table, at: string): Expression => {
  const { $join, with: separator = '' } = checked(operators.$join, given, at)
  const parts = $join.map((part, index) => compile(part, table, `${at}/$join/${index}`))
  return (row) =>
    parts
      .map((part) => part(row))
      .filter((part) => part !== undefined)
      .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
      .join(separator)
}

const cases = (given: unknown, table: Table, at: string): Expression => {
  const { $cases, otherwise } = checked(operators.$cases, given, at)
  const branches = $cases.map(({ when, value }, index) => ({
    conditions: when.map((condition) => ({ condition, text: textOf(table, condition.column) })),
    value: compile(value, table, `${at}/$cases/${index}/value`),
  }))
  const rest = otherwise === undefined ? undefined : compile(otherwise, table, `${at}/otherwise`)
  return (row) => {
    const branch = branches.find(({ conditions }) =>
      conditions.every(({ condition, text }) => holds(condition, text(row))),
    )
    if (!branch && !rest) throw new RowFault(`no case of ${at} fits the row`)
    return branch ? branch.value(row) : rest?.(row)
  }
}

const object = (given: Readonly<Record<string, unknown>>, table: Table, at: string): Expression => {
  const fields = Object.entries(given).map(([name, value]) => [name, compile(value, table, `${at}/${name}`)] as const)
  return (row) => {
    const result: Record<string, unknown> = {}
    for (const [name, expression] of fields) {
      const value = expression(row)
      if (value !== undefined) result[name] = value
    }
    return result
  }
}

const list = (given: readonly unknown[], table: Table, at: string): Expression => {
  const items = given.map((item, index) => compile(item, table, `${at}/${index}`))
  return (row) => items.map((item) => item(row)).filter((item) => item !== undefined)
}

/** Turns a piece of a mapping into a function of the row; throws a `MappingError` that says where the piece is wrong. */
export const compile = (given: unknown, table: Table, at: string): Expression => {
  if (Array.isArray(given)) return list(given, table, at)
  if (!isObject(given)) return () => given
  const operator = Object.keys(given).find((name) => name.startsWith('$'))
  switch (operator) {
    case undefined:
      return object(given, table, at)
    case '$column':
      return column(given, table, at)
    case '$integer':
      return integer(given, table, at)
    case '$decimal':
      return decimal(given, table, at)
    case '$join':
      return join(given, table, at)
    case '$cases':
      return cases(given, table, at)
    default:
      throw new MappingError(`${at} has ${operator}, which is no operator`)
  }
}
