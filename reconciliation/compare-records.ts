import type { Kind } from '../domain/repair/difference.ts'

/** A record of one event as a place has it, or should have it. */
export type EventRecord = {
  readonly stream: string
  readonly sequence: number
  /** The event's id. */
  readonly id: string
  /** Of all that the record says. */
  readonly hash: bigint
}

/** A record that is not as it should be. */
export type Found = Pick<EventRecord, 'stream' | 'sequence'> & { readonly kind: Kind }

const bySequence = (records: readonly EventRecord[]): ReadonlyMap<number, readonly EventRecord[]> => {
  const groups = new Map<number, EventRecord[]>()
  for (const record of records) {
    const group = groups.get(record.sequence)
    if (group === undefined) groups.set(record.sequence, [record])
    else group.push(record)
  }
  return groups
}

const kindOf = (wanted: EventRecord, there: readonly EventRecord[]): Kind | undefined => {
  if (there.length === 0) return 'lost'
  if (there.length > 1) return 'doubled'
  return there[0]?.hash === wanted.hash ? undefined : 'altered'
}

/**
 * What differs between the records that there should be, one for each sequence, and those that there are. One without a
 * source is `doubled` where it is a copy of another's, else `ahead`.
 */
export const compareRecords = (expected: readonly EventRecord[], found: readonly EventRecord[]): readonly Found[] => {
  const there = bySequence(found)
  const known = new Set(expected.map(({ sequence }) => sequence))
  const ids = new Set(expected.map(({ id }) => id))
  const wrong = expected.flatMap((wanted): Found[] => {
    const kind = kindOf(wanted, there.get(wanted.sequence) ?? [])
    return kind === undefined ? [] : [{ kind, stream: wanted.stream, sequence: wanted.sequence }]
  })
  const without = [...there].flatMap(([sequence, [first]]): Found[] =>
    known.has(sequence) || first === undefined
      ? []
      : [{ kind: ids.has(first.id) ? 'doubled' : 'ahead', stream: first.stream, sequence }],
  )
  return [...wrong, ...without]
}
