import Type, { type TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { EventMetadataSchema } from './event-metadata.ts'
import { data, Instant } from './event-schema.ts'
import { eventSchemas } from './event-schemas.ts'
import { isEventType } from './event-types.ts'

/** An event of this type and version as it is stored, where its data has this schema. */
const stored = (type: string, version: number, members: TSchema) =>
  data({
    id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    type: Type.Literal(type),
    version: Type.Literal(version),
    recordedAt: Instant,
    metadata: EventMetadataSchema,
    data: members,
  })

/** By type and version. One takes milliseconds to compile, so that is done when the first event of its kind comes. */
const compiled = new Map<string, Validator[]>()

const checkOf = (type: string, version: number, members: TSchema): Validator => {
  const versions = compiled.get(type) ?? []
  compiled.set(type, versions)
  return (versions[version] ??= Compile(stored(type, version, members)))
}

/**
 * Why the JSON of a stored event is not valid by the schema of its type and version; undefined where it is. What is said
 * begins with a pointer (RFC 6901) and repeats nothing that stands in the event: it may be personal.
 */
export const invalidity = (json: unknown): string | undefined => {
  if (typeof json !== 'object' || json === null) return 'must be an object'
  const { type, version } = json as { readonly type?: unknown; readonly version?: unknown }
  if (typeof type !== 'string' || !isEventType(type)) return '/type must be that of an event'
  const members = typeof version === 'number' ? eventSchemas[type][version - 1] : undefined
  if (members === undefined) return `/version must be one that ${type} has had`
  const check = checkOf(type, Number(version), members)
  return check.Check(json) ? undefined : explained(check.Errors(json)[0])
}

type Fault = { readonly schemaPath: string; readonly message: string }

/** What the schema's own names lead to, up to where clients choose names or a union its variant. */
const place = /^#(.*?)(?:\/(anyOf|additionalProperties|patternProperties)(?:\/.*)?)?$/s

const explained = (fault: Fault | undefined): string => {
  const [, path = '', keyword] = place.exec(fault?.schemaPath ?? '') ?? []
  return `${path.replaceAll('/properties', '')} ${said(keyword, fault?.message)}`.trimStart()
}

const said = (keyword: string | undefined, message = 'must fit its schema'): string => {
  // What each variant of a union finds wrong says nothing of the one that was meant.
  if (keyword === 'anyOf') return 'must have one of its forms'
  return keyword === 'additionalProperties' ? 'must have no other members' : message
}
