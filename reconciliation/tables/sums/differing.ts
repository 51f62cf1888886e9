const prefixed = (prefix: string, columns: readonly string[]): string =>
  columns.map((column) => `${prefix}.${column}`).join(', ')

/** What a row is compared by: the columns that tell it from others, and those that say something. */
export type Columns = { readonly key: readonly string[]; readonly values: readonly string[] }

/**
 * SQL of what differs between the rows that there are and those that there should be, each given as what can stand in a FROM:
 * the columns of the key, and the kind of difference.
 */
export const differing = ({ key, values }: Columns, found: string, wanted: string): string => {
  const columns = [...key, ...values].join(', ')
  return `
    select ${key.join(', ')},
      case when found.here is null then 'lost' when wanted.here is null then 'ahead' else 'altered' end as kind
    from (select ${columns}, true as here from ${found}) found
    full join (select ${columns}, true as here from ${wanted}) wanted using (${key.join(', ')})
    where found.here is null or wanted.here is null
      or row(${prefixed('found', values)}) is distinct from row(${prefixed('wanted', values)})`
}
