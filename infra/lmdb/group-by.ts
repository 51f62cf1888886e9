/** The items under the names they go by, in the order they came. */
export const groupBy = <T, Name>(items: Iterable<T>, nameOf: (item: T) => Name): Map<Name, T[]> => {
  const groups = new Map<Name, T[]>()
  for (const item of items) {
    const name = nameOf(item)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [item])
    else group.push(item)
  }
  return groups
}
