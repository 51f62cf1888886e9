import type { LogEvent } from '../../projections/unread.ts'

/** A record as a partition has it. */
export type TopicRecord = {
  readonly part: number
  readonly offset: number
  readonly log: number
  /** The event with sequence `upTo`, or without one how far the partition speaks of the log. */
  readonly after: number
  readonly upTo: number
  readonly event?: {
    readonly stream: string
    readonly revision: number
    readonly id: string
    /** As `hashOf` gives it of the event. */
    readonly hash: bigint
  }
}

/** Where to read in each partition: the offset of the next record. */
export type Offsets = ReadonlyMap<number, number>

/** The topic as it is read beside its consumers. All calls reject where it cannot be asked now. */
export type TopicReader = {
  readonly parts: number
  partOf(stream: string): number
  /** Of all that a record says of this event. */
  hashOf(event: LogEvent): bigint
  /** The first offset of each partition that is still there, and the one after its last. */
  ends(): Promise<ReadonlyMap<number, { readonly low: number; readonly high: number }>>
  /** The first offset of each partition that was written at this time or later. */
  offsetsAt(timeMs: number): Promise<Offsets>
  /**
   * Reads each partition from its offset on, up to and without the first record that `isBeyond`, to its end as of now, or
   * to about `limit` records. Gives the offsets where it stopped. Records that cannot be read are left out.
   */
  read(
    from: Offsets,
    isBeyond: (record: TopicRecord) => boolean,
    limit: number,
  ): Promise<{ readonly records: readonly TopicRecord[]; readonly next: Offsets; readonly isEnd: boolean }>
}
