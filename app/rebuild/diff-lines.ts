import { type Diff, differing, type Example, type TableDiff } from '../../projections/rebuild/diff.ts'

const keyOf = ({ key }: Example): string =>
  Object.entries(key)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

const where = { live: 'only in the live copy', copy: 'only in the new copy', both: 'different' } as const

const exampleLines = (example: Example): readonly string[] => [
  `    ${where[example.in]}: ${keyOf(example)} (${example.shard})`,
  ...example.columns.map(({ name, live, copy }) => `      ${name}: live ${live ?? 'null'}, new ${copy ?? 'null'}`),
]

const tableLines = ({
  table,
  onlyLive,
  onlyCopy,
  different,
  examples,
  newColumns,
  goneColumns,
}: TableDiff): string[] => [
  `  ${table}: ${onlyLive} only in the live copy, ${onlyCopy} only in the new one, ${different} different`,
  ...examples.flatMap(exampleLines),
  ...(newColumns.length === 0 ? [] : [`    new columns: ${newColumns.join(', ')}`]),
  ...(goneColumns.length === 0 ? [] : [`    columns that are gone: ${goneColumns.join(', ')}`]),
]

/** What people read of a diff. */
export const diffLines = (diff: Diff): readonly string[] => {
  const apart = diff.compared.filter(({ live, copy }) => live !== copy)
  return [
    differing(diff) === 0 ? 'The copies are the same.' : `The copies differ in ${differing(diff)} rows.`,
    ...diff.tables.flatMap(tableLines),
    ...apart.map(
      ({ shard, live, copy }) =>
        `  ${shard} was not compared at one position: the live copy is at ${live}, the new one at ${copy}`,
    ),
  ]
}
