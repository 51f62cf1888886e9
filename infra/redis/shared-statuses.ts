import Type from 'typebox'
import { Value } from 'typebox/value'
import type { SharedEntry, SharedStatus, SharedStatuses } from '../../reconciliation/statuses/shared-statuses.ts'
import { kinds } from '../cache/kinds.ts'
import type { RedisConnection } from './connection.ts'

const Entry = Type.Object({
  id: Type.String(),
  version: Type.Integer({ minimum: 0 }),
  merchantId: Type.String(),
  document: Type.String(),
})

const { keyOf, sharedMs } = kinds.status
const [before = '', behind = ''] = keyOf('*').split('*')
const atOnce = 128

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An entry stands there as `version:…`; its two versions are one. */
const entryIn = (text: string): SharedEntry | undefined => {
  const end = text.indexOf(':')
  const value = parsed(text.slice(end + 1))
  return Value.Check(Entry, value) && String(value.version) === text.slice(0, end) ? value : undefined
}

const statusIn = (text: string): SharedStatus => ({ text, entry: entryIn(text), isNote: /^\d+:$/.test(text) })

/** The statuses of `redisStatusCache`, as they stand there. */
export const redisSharedStatuses = (connection: RedisConnection): SharedStatuses => ({
  look: async (ids) => {
    const found = new Map<string, SharedStatus>()
    const left = [...ids]
    while (left.length > 0) {
      const some = left.splice(0, atOnce)
      const texts = await Promise.all(some.map((id) => connection.get(keyOf(id))))
      for (const [index, text] of texts.entries()) if (text !== null) found.set(some[index] ?? '', statusIn(text))
    }
    return found
  },
  ids: async (from) => {
    const { keys, next } = await connection.scan(keyOf('*'), from)
    return { ids: keys.map((key) => key.slice(before.length, key.length - behind.length)), next }
  },
  drop: async (id, text, version) =>
    (await connection.run('replace', keyOf(id), text, String(version), String(sharedMs))) === 1,
})
