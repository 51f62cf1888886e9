import Type from 'typebox'
import { type Asked, pageCursor } from './page-cursor.ts'

/** Query parameters of a list. */
export const paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'How many entries a page has at most' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 2_200, description: 'The `nextCursor` of the page before, asked with the same filters' }),
  ),
}

export const defaultLimit = 100

/** A page and the cursor of the next one; null on the last. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly nextCursor: string | null }

/** Makes a page of up to `limit` + 1 rows: the one too many tells that there is more. */
export const pageOf = <Row>(
  rows: readonly Row[],
  limit: number,
  asked: Asked,
  keyOfRow: (row: Row) => string,
): Page<Row> => {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const more = rows.length > limit && last !== undefined
  return { rows: page, nextCursor: more ? pageCursor(asked, keyOfRow(last)) : null }
}
