import type { Line } from './line.ts'

/** A log as it is proved. */
export type ProvedLog = {
  /** The lines of the events after a sequence, in order, at most `limit`, fewer where they are large; none at the end. */
  linesAfter(sequence: number, limit: number): Promise<readonly Line[]>
  /** The lines of a stream's events from revision `from`, in order, at most `limit`. */
  linesOf(stream: string, from: number, limit: number): Promise<readonly Line[]>
}
