import Type from 'typebox'

/** Text without control characters: PostgreSQL cannot store NUL, and logs and terminals should not act on the others. */
export const Text = (maxLength: number, options: Record<string, unknown> = {}) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]*$', ...options })

/** The address of an account in UPI. */
export const Vpa = Type.String({ pattern: '^[A-Za-z0-9._-]{1,255}@[A-Za-z0-9.-]{1,64}$' })

/** Somebody's name. */
export const Name = Text(200)

/** Up to 50 labels a client hangs on a resource. */
export const MetadataSchema = Type.Record(
  Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,40}$' }),
  Type.String({ maxLength: 500, pattern: '^[^\\u0000]*$' }),
  {
    additionalProperties: false,
    maxProperties: 50,
    description: 'Up to 50 pairs of text, returned as they were given',
  },
)
export type Metadata = { readonly [label: string]: string }

/** A merchant's id: what appears in URLs, stream names and shard maps. */
export const MerchantIdSchema = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })
