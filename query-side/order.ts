/** Columns to sort by, the weightiest first. */
export type Order<Row> = readonly (readonly [column: keyof Row & string, direction: 'asc' | 'desc'])[]

/** What comes after `order by`. */
export const orderBy = <Row>(order: Order<Row>): string =>
  order.map(([column, direction]) => `${column} ${direction}`).join(', ')

/** Texts by their bytes, as PostgreSQL has them in the locale C; JavaScript has some characters in another order. */
const compareText = (one: string, other: string): number =>
  one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other))

const compareValues = (one: unknown, other: unknown): number => {
  if (typeof one === 'string' && typeof other === 'string') return compareText(one, other)
  if (one instanceof Date && other instanceof Date) return one.getTime() - other.getTime()
  if ((typeof one === 'number' || typeof one === 'bigint') && (typeof other === 'number' || typeof other === 'bigint'))
    return one < other ? -1 : one > other ? 1 : 0
  throw new TypeError(`rows cannot be sorted by ${typeof one} and ${typeof other}`)
}

/** Sorts rows as `orderBy` does. Times count in milliseconds; columns are never null. */
export const comparing =
  <Row>(order: Order<Row>) =>
  (one: Row, other: Row): number => {
    for (const [column, direction] of order) {
      const result = compareValues(one[column], other[column])
      if (result !== 0) return direction === 'asc' ? result : -result
    }
    return 0
  }
