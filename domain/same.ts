/** Whether two pieces of data, of what JSON has and bigints, are the same. The order of members makes no difference. */
export const same = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  // A loop, because this is asked of each member of each event of a log.
  for (const name of names) {
    if (!Object.hasOwn(other, name) || !same(one[name as keyof object], other[name as keyof object])) return false
  }
  return true
}
