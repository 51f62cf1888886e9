import Type, { type TSchema } from 'typebox'

/**
 * Text that tells who somebody is, as it is stored: the slot of its key, then initialization vector, ciphertext and tag in
 * base64url (`personal/sealed-text.ts`). What is in no such form was stored before anything was sealed.
 */
const sealedPattern = '^sealed:[0-9]{1,15}:[A-Za-z0-9_-]{40,6000}$'
const sealedText = new RegExp(sealedPattern)

/** Whether the text is sealed. */
export const isSealed = (text: string): boolean => text.startsWith('sealed:') && sealedText.test(text)

/**
 * How personal text stands in a schema: `given` by clients, who cannot give anything that looks sealed; `stored` sealed,
 * or plain as of old; `shown` plain, or null where its key was destroyed. All of them mark it as `personal`.
 */
export type Form<P extends TSchema> = (plain: TSchema) => P

const mark = { personal: true } as const

/** What is free in its form must at least not look sealed. */
const unsealed = (plain: TSchema): TSchema => {
  const pattern = 'pattern' in plain ? String(plain.pattern) : ''
  return pattern !== '' && new RegExp(pattern).test('sealed:')
    ? { ...plain, pattern: `^(?!sealed:)${pattern.replace('^', '')}` }
    : plain
}

export const given: Form<ReturnType<typeof Type.Unsafe<string>>> = (plain) =>
  Type.Unsafe<string>({ ...unsealed(plain), ...mark })

export const stored: Form<ReturnType<typeof Type.Unsafe<string>>> = (plain) =>
  Type.Unsafe<string>(Type.Union([plain, Type.String({ pattern: sealedPattern })], mark))

export const shown: Form<ReturnType<typeof Type.Unsafe<string | null>>> = (plain) =>
  Type.Unsafe<string | null>(
    Type.Union([plain, Type.Null()], { ...mark, description: 'null where it was forgotten, as `forgotten` says' }),
  )

/** A member of an object at any depth: the names that lead to it, and the same as a pointer (RFC 6901). */
export type Member = { readonly names: readonly string[]; readonly pointer: string }

type Schema = {
  readonly personal?: boolean
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
}

const namesIn = (schema: Schema): readonly (readonly string[])[] => {
  if (schema.personal === true) return [[]]
  const members = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    namesIn(inner).map((names) => [name, ...names]),
  )
  return [...members, ...(schema.anyOf ?? []).flatMap(namesIn)]
}

/** The members that a schema marks as personal, each once. */
export const personalMembers = (schema: TSchema): readonly Member[] => {
  const byPointer = new Map(namesIn(schema as Schema).map((names) => [`/${names.join('/')}`, names]))
  return [...byPointer].map(([pointer, names]) => ({ names, pointer }))
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The text of a member; undefined where there is none. */
export const textAt = (value: object, { names }: Member): string | undefined => {
  let inner: unknown = value
  for (const name of names) {
    if (!isObject(inner) || !Object.hasOwn(inner, name)) return undefined
    inner = inner[name]
  }
  return typeof inner === 'string' ? inner : undefined
}

const withText = (value: Fields, [name = '', ...more]: readonly string[], text: string | null): Fields => {
  const inner = value[name]
  return { ...value, [name]: more.length === 0 || !isObject(inner) ? text : withText(inner, more, text) }
}

/** The same value with other texts for those of its members that have one. What stays as it is is not copied. */
export const withTexts = <T extends object>(
  value: T,
  members: readonly Member[],
  change: (text: string, pointer: string) => string | null,
): T => {
  let changed: object = value
  for (const member of members) {
    const text = textAt(value, member)
    if (text === undefined) continue
    const other = change(text, member.pointer)
    if (other !== text) changed = withText(changed as Fields, member.names, other)
  }
  return changed as T
}

/** What is said beside a value of which something was forgotten. */
export const forgotten = {
  forgotten: Type.Optional(
    Type.Literal(true, { description: 'There where personal data was forgotten, which is null then' }),
  ),
}
export type Forgettable = { readonly forgotten?: true }

/** Whether any of these members is still sealed, which after opening means that its key was destroyed. */
export const isForgotten = (value: object, members: readonly Member[]): boolean =>
  members.some((member) => isSealed(textAt(value, member) ?? ''))

/** The value as it may be shown: null in the place of what is still sealed. */
export const withoutSealed = <T extends object>(value: T, members: readonly Member[]): T =>
  withTexts(value, members, (text) => (isSealed(text) ? null : text))

/** A resource as it may be shown, which says so where something of it was forgotten. */
export const shownResource = <T extends object>(resource: T, members: readonly Member[]): T & Forgettable =>
  isForgotten(resource, members) ? { ...withoutSealed(resource, members), forgotten: true } : resource
