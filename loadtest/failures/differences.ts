import { type Models, type Row, sorted, tables } from '../../projections/testing/read-models.ts'

const told = 3

const lines = (rows: readonly Row[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const line = JSON.stringify(row)
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return counts
}

const beyond = (one: Map<string, number>, other: Map<string, number>): string[] =>
  [...one].filter(([line, count]) => count > (other.get(line) ?? 0)).map(([line]) => line)

/** What the tables have that a fold has not, and the other way round: some lines for each table that differs. */
export const differences = (found: Models, expected: Models): string[] => {
  const [one, other] = [sorted(found), sorted(expected)]
  return tables.flatMap((table) => {
    const [there, folded] = [lines(one[table]), lines(other[table])]
    const [more, less] = [beyond(there, folded), beyond(folded, there)]
    return [
      ...more.slice(0, told).map((line) => `${table} has ${line} (1 of ${more.length}), which the log does not give`),
      ...less.slice(0, told).map((line) => `${table} lacks ${line} (1 of ${less.length}), which the log gives`),
    ]
  })
}
