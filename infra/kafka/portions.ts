import type { Message } from 'kafkajs'
import type { ByPartition } from './confirm.ts'

/** What a record costs beside its value: headers and key, well rounded up. */
const overheadBytes = 700

const bytesOf = ({ value }: Message): number => overheadBytes + (value === null ? 0 : value.length)

/**
 * Messages in portions to be sent one after another: in each at most `maxBytes` of a partition, but at least one message,
 * since a broker takes only so much of a partition at once. Those of a partition keep their order.
 */
export const portionsOf = (messages: Iterable<Message>, maxBytes: number): readonly ByPartition[] => {
  const portions: Map<number, Message[]>[] = []
  const last = new Map<number, { portion: number; bytes: number }>()
  for (const message of messages) {
    const partition = message.partition ?? 0
    const bytes = bytesOf(message)
    const open = last.get(partition) ?? { portion: 0, bytes: 0 }
    last.set(partition, open)
    if (open.bytes > 0 && open.bytes + bytes > maxBytes) {
      open.portion++
      open.bytes = 0
    }
    open.bytes += bytes
    const portion = portions[open.portion] ?? new Map<number, Message[]>()
    portions[open.portion] = portion
    const own = portion.get(partition) ?? []
    portion.set(partition, own)
    own.push(message)
  }
  return portions
}
