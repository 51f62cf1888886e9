/** A condition with a `?` for each of its values. It falls away when one of the values is undefined. */
export type Condition = readonly [sql: string, ...values: readonly unknown[]]

/** SQL for a where clause, and the values of its parameters from $1 on. */
export type Where = { readonly sql: string; readonly values: readonly unknown[] }

/** All the conditions that were asked for; `true` when there are none. */
export const where = (...conditions: readonly Condition[]): Where => {
  const given = conditions.filter(([, ...values]) => !values.includes(undefined))
  let parameters = 0
  return {
    sql: given.map(([sql]) => sql.replaceAll('?', () => `$${++parameters}`)).join(' and ') || 'true',
    values: given.flatMap(([, ...values]) => values),
  }
}
