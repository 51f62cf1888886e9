const hidden = '[hidden]'

/** Names under which nothing is ever logged, compared in lower case and without `-` and `_`. */
const secretNames = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'password',
  'secret',
  'token',
  'apikey',
  'key',
  'hash',
  'pan',
  'number',
  'cardnumber',
  'cvv',
  'cvc',
  'bin',
  'last4',
  'expirymonth',
  'expiryyear',
  'vpa',
  'name',
  'method',
  'destination',
  'metadata',
  'body',
])

/** What gives a secret or a person away wherever it stands in a text. */
const patterns: readonly RegExp[] = [
  /dbk_[\w-]+\.[\w-]+\.[\w-]+/g,
  /eyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=\b(?:bearer|basic) )\S+/gi,
  /(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
  /\b[\w.-]{2,}@[a-z][\w.-]+/gi,
]

const passesLuhn = (digits: string): boolean => {
  const sum = Array.from(digits, Number)
    .reverse()
    .reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0)
  return sum % 10 === 0
}

const hideCard = (digits: string): string => (passesLuhn(digits.replace(/[ -]/g, '')) ? hidden : digits)

const scrubText = (text: string): string =>
  patterns.reduce((rest, pattern) => rest.replace(pattern, hidden), text).replace(/\b\d(?:[ -]?\d){12,18}\b/g, hideCard)

/** An error without what drivers hang on it: a database's `detail` quotes the row. */
const scrubError = (error: Error): unknown => ({
  type: error.constructor.name,
  message: scrubText(error.message),
  ...('code' in error ? { code: scrub(error.code) } : {}),
  stack: scrubText(error.stack ?? ''),
  ...(error.cause === undefined ? {} : { cause: scrub(error.cause) }),
})

const isSecret = (name: string): boolean => secretNames.has(name.toLowerCase().replace(/[-_]/g, ''))

/** The same value fit for a log: no keys, tokens, card data, addresses of payers or names of people. */
export const scrub = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value === 'bigint') return scrubText(String(value))
  if (typeof value === 'number') return value >= 1e12 ? scrubText(String(value)) : value
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return scrubError(value)
  if (depth > 6) return hidden
  if (Array.isArray(value)) return value.map((each) => scrub(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, isSecret(name) ? hidden : scrub(each, depth + 1)]),
  )
}
