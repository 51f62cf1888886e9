const longestName = 100

/** One step of an RFC 6901 pointer. Names come from clients, so overlong ones are cut. */
export const pointerStep = (name: string | number): string => {
  if (typeof name === 'number') return `/${name}`
  const short = name.length > longestName ? `${name.slice(0, longestName)}…` : name
  return `/${short.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
