import canonicalize from 'canonicalize'
/** JSON in the one form of RFC 8785: the same value always gives the same text. */
export const canonicalJson = (value: unknown): string =>
  typeof value === 'object' && value !== null ? (canonicalize(value) ?? 'null') : JSON.stringify(value ?? null)
