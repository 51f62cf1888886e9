/** Stands between the columns of a row where its text is hashed; none of them can hold it. */
const between = '\u001f'

/** Stands for null. */
const nothing = '~'

/** A column's value as PostgreSQL writes it, or null. */
export type Value = string | number | bigint | null

/** The text of a row whose hash is compared: the columns in their order. `sqlText` makes the same in SQL. */
export const textOf = (values: readonly Value[]): string =>
  values.map((value) => (value === null ? nothing : String(value))).join(between)

/** A UUID without its dashes, for `uuid` columns. */
export const hex = (uuid: string): string => uuid.replaceAll('-', '')

/** Microseconds since 1970 of a time in ISO 8601 with milliseconds. */
export const micros = (time: string | null): string | null => (time === null ? null : `${Date.parse(time)}000`)

export const sqlHex = (column: string): string => `replace(${column}::text, '-', '')`
export const sqlMicros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`
export const sqlText = (columns: readonly string[]): string =>
  `concat_ws(chr(31), ${columns.map((column) => `coalesce((${column})::text, '${nothing}')`).join(', ')})`
