import { type Asked, keyOf } from './page-cursor.ts'
import type { Order } from './order.ts'
import type { Condition } from './where.ts'

export type NewestFirstRow = { readonly id: string; readonly created_at: Date }

/** The order of lists of resources. A resource keeps its place in it, whatever comes and changes while a client pages. */
export const newestFirst = {
  order: [
    ['created_at', 'desc'],
    ['id', 'desc'],
  ] satisfies Order<NewestFirstRow>,

  key: ({ id, created_at }: NewestFirstRow): string => `${created_at.getTime()} ${id.replaceAll('-', '')}`,

  /** What comes after the cursor. The first condition alone says enough to leave whole partitions out. */
  after: (asked: Asked, cursor: string | undefined): readonly Condition[] => {
    if (cursor === undefined) return []
    const [time, id] = keyOf(asked, cursor, /^(\d{1,14}) ([0-9a-f]{32})$/)
    const at = new Date(Number(time)).toISOString()
    return [
      ['created_at <= ?', at],
      ['(created_at, id) < (?, ?)', at, id],
    ]
  },
} as const
