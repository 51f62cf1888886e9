import { isSealed } from '../../domain/personal.ts'

/** Columns, and members of documents, that say when something was recorded, and where in the log. */
const columns = 'created_at updated_at recorded_at parked_at since unresolved_since expires_at'
const places = 'log sequence from_position to_position'
const recording = new Set(`${columns} ${places} createdAt updatedAt expiresAt`.split(' '))
/** The same, in disguise: an event's id names the one call that made it, a settlement's the position it begins at. */
const derived: Readonly<Record<string, ReadonlySet<string>>> = {
  journal: new Set(['event_id']),
  settlements: new Set(['id']),
}
const none: ReadonlySet<string> = new Set()

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const timeless = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(timeless)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'string' && isSealed(value)) return 'sealed'
  if (!isObject(value)) return typeof value === 'bigint' ? String(value) : value
  const members = Object.entries(value).filter(([name]) => !recording.has(name))
  return Object.fromEntries(members.map(([name, member]) => [name, timeless(member)]))
}

const documents = new Set(['document', 'increments'])

/** A row without what depends on when and where it was recorded, or on the key that it was sealed with, as one line of JSON; columns in the table's order. */
export const lineOf = (table: string, row: Readonly<Record<string, unknown>>): string => {
  const kept = Object.entries(row).flatMap(([name, value]) => {
    if (recording.has(name) || (derived[table] ?? none).has(name)) return []
    const parsed: unknown = documents.has(name) && typeof value === 'string' ? JSON.parse(value) : value
    return [[name, timeless(parsed)] as const]
  })
  return JSON.stringify(Object.fromEntries(kept))
}
