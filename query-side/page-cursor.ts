import { createHash } from 'node:crypto'
import { canonicalJson } from '../http/canonical-json.ts'
import { Problem } from '../http/problem.ts'

const version = 1

/** What a list was asked for: its name, whose rows, its filters. A cursor is good for the same list only. */
export type Asked = Readonly<Record<string, unknown>>

const fingerprint = (asked: Asked, key: string): string =>
  createHash('sha256').update(canonicalJson({ version, asked, key })).digest('base64url').slice(0, 16)

/** An opaque cursor: the next page begins after `key`. */
export const pageCursor = (asked: Asked, key: string): string =>
  Buffer.from(`${version} ${fingerprint(asked, key)} ${key}`).toString('base64url')

/** The 400 for what is no cursor of a list. */
export const invalidCursor = (): Problem =>
  new Problem(400, 'invalidCursor', 'The cursor is damaged, or was given for a list with other filters', {
    errors: [{ pointer: '?cursor', detail: 'is not a cursor of this list' }],
  })

/** The parts of a cursor's key as `pattern` groups them; 400 `invalidCursor` unless it was made for this very list. */
export const keyOf = (asked: Asked, cursor: string, pattern: RegExp): readonly string[] => {
  const key = Buffer.from(cursor, 'base64url').toString().split(' ').slice(2).join(' ')
  const [, ...parts] = pattern.exec(key) ?? []
  if (parts.length > 0 && pageCursor(asked, key) === cursor) return parts
  throw invalidCursor()
}
