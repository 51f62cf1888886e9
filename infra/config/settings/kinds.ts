import Type from 'typebox'

/** What a timer takes; a longer time would be over at once. */
const longestMs = 2_147_483_647

type Default<T> = { readonly default?: T }
const fallback = <T>(value: T | undefined): Default<T> => (value === undefined ? {} : { default: value })

/** A setting that may be absent, or whose default depends on others. */
export const optional = Type.Optional

export const text = (description: string, value?: string) =>
  Type.String({ minLength: 1, description, ...fallback(value) })

export const flag = (description: string) => Type.Boolean({ description, default: false })

/** A whole number from `minimum` to `maximum`. */
export const whole = (minimum: number, maximum: number, description: string, value?: number) =>
  Type.Integer({ minimum, maximum, description, ...fallback(value) })

/** How many, at least one. */
export const count = (description: string, value?: number) =>
  Type.Integer({ minimum: 1, description, ...fallback(value) })

export const milliseconds = (description: string, value?: number) => whole(1, longestMs, description, value)

/** A port; 0 for a free one. */
export const port = (description: string, value?: number) => whole(0, 65_535, description, value)

/** One of a few words. */
export const oneOf = <Values extends string[]>(
  values: readonly [...Values],
  description: string,
  value?: Values[number],
) => Type.Enum(values, { description, ...fallback(value) })

/** What nobody else may read: it has no default, and can be given as a file by the name with `_FILE` behind. */
export const secret = (description: string, minLength = 1) =>
  Type.Optional(Type.String({ minLength, description, secret: true }))

/** The path of a file with the certificates of who may sign the server's. */
export const certificates = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, description, certificates: true }))
