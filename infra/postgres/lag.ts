/** How far replicas are behind, measured with what the primary was seen to have flushed, and when. Times are in ms. */
export type Lag = {
  /** The primary had flushed up to `lsn` after `atMs`. */
  note(atMs: number, lsn: bigint): void
  /** How long ago the primary had what a replica has applied at `atMs`; Infinity when that can't be told. */
  behindMs(atMs: number, lsn: bigint): number
  /** Forgets what was noted: there is another primary. */
  forget(): void
}

const kept = 64

export const measureLag = (): Lag => {
  let notes: { readonly atMs: number; readonly lsn: bigint }[] = []
  return {
    note: (atMs, lsn) => {
      notes = [...notes.slice(1 - kept), { atMs, lsn }]
    },
    behindMs: (atMs, lsn) => {
      const caughtUp = notes.findLast((note) => note.lsn <= lsn)
      return caughtUp === undefined ? Number.POSITIVE_INFINITY : Math.max(0, atMs - caughtUp.atMs)
    },
    forget: () => {
      notes = []
    },
  }
}
